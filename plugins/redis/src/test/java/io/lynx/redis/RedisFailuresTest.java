package io.lynx.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketTimeoutException;
import java.util.List;
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
        is(new JedisDataException("BUSY Redis is busy running a script."), true, "unavailable");
        is(new JedisDataException("BUSYGROUP Consumer Group name already exists"), false, "answer");
        is(new JedisDataException("ERR max number of clients reached"), true, "unavailable");
        is(new JedisDataException("ERR value is not an integer or out of range"), false, "answer");
        is(new JedisAccessControlException("WRONGPASS invalid username-password pair"), false, "answer");
        is(new CommandCancelledException("get", null), false, "cancelled");
    }

    @Test
    void aRefusedWriteIsAnOutageForItsCallerAndNotForTheBreaker() {
        for (String answer : List.of(
                "READONLY You can't write against a read only replica.",
                "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.",
                "OOM command not allowed when used memory > 'maxmemory'.",
                "NOREPLICAS Not enough good replicas to write.",
                "ERR Error running script (call to f_1): @user_script:1: -READONLY You can't write")) {
            JedisDataException failure = new JedisDataException(answer);

            is(failure, false, "unavailable");
            assertThat(RedisFailures.explain(failure)).isInstanceOf(RedisOutageException.class);
            assertThat(RedisFailures.isConnectionSuspect(failure)).isEqualTo(answer.contains("READONLY"));
        }
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
