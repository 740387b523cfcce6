package io.lynx.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.testkit.LynxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisConfigTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nodes=redis | nodes: 'redis' is not an address; write host:port, such as redis.example.com:6379",
                "nodes=redis:0 | nodes: 'redis:0' is not an address",
                "nodes=redis:65536 | nodes: 'redis:65536' is not an address",
                "nodes=redis://a:6379 | nodes: 'redis://a:6379' is not an address",
                "nodes=a:1,b:2 | nodes: has 2 addresses; mode single has one, or set mode to sentinel or cluster",
                "nodes=a:1;mode=sentinel | master: is not set; mode sentinel needs the name of the master",
                "nodes=a:1;master=m | master: is set, but mode is not sentinel; remove it or set mode: sentinel",
                "nodes=a:1;mode=cluster;database=1 | database: is 1; a cluster has only 0",
                "nodes=a:1;user=u | password: is not set, but user is; set both or none",
            })
    void refusesKeysThatDoNotFit(String settings, String message) {
        LynxTest.Builder builder = LynxTest.of(new RedisPlugin());
        for (String setting : settings.split(";")) {
            int equals = setting.indexOf('=');
            builder.with("lynx.redis." + setting.substring(0, equals), setting.substring(equals + 1));
        }

        assertThatThrownBy(() -> builder.start().close()).hasMessageContaining(message);
    }

    @Test
    void refusesAMalformedName() {
        assertThatThrownBy(() -> new RedisPlugin("No"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("redis: 'No' is not a name");
        assertThat(RedisPlugin.key("sessions").name()).isEqualTo("redis.sessions");
    }
}
