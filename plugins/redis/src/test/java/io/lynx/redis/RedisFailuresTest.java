package io.lynx.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisClusterOperationException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

class RedisFailuresTest {
    private static void is(JedisException failure, boolean isOutage, String label) {
        assertThat(RedisFailures.isOutage(failure)).as(failure.toString()).isEqualTo(isOutage);
        assertThat(RedisFailures.label(failure)).as(failure.toString()).isEqualTo(label);
        assertThat(RedisFailures.isOutage(RedisFailures.explain(failure))).isEqualTo(isOutage);
    }

    @Test
    void distinguishesOutagesFromAnswers() {
        is(new JedisConnectionException("refused"), true, "unavailable");
        is(new JedisConnectionException("late", new SocketTimeoutException("Read timed out")), true, "timeout");
        is(new JedisClusterOperationException("no reachable node"), true, "unavailable");
        is(new JedisDataException("LOADING Redis is loading the dataset in memory"), true, "unavailable");
        is(new JedisDataException("READONLY You can't write against a read only replica."), true, "unavailable");
        is(new JedisDataException("ERR max number of clients reached"), true, "unavailable");
        is(new JedisDataException("ERR value is not an integer or out of range"), false, "answer");
        is(new JedisDataException("OOM command not allowed when used memory > 'maxmemory'."), false, "answer");
        is(new JedisAccessControlException("WRONGPASS invalid username-password pair"), false, "answer");
        is(new CommandCancelledException("get", null), false, "cancelled");
    }

    @Test
    void aTimeoutDoesNotMakeOtherConnectionsSuspect() {
        assertThat(RedisFailures.isConnectionSuspect(
                        new JedisConnectionException("late", new SocketTimeoutException("Read timed out"))))
                .isFalse();
        assertThat(RedisFailures.isConnectionSuspect(new JedisConnectionException("Unexpected end of stream.")))
                .isTrue();
    }
}
