package com.example.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.redis.RedisPlugin;
import io.lynx.redis.test.TestRedis;
import io.lynx.redis.test.WithRedis;
import io.lynx.testkit.LynxExtension;
import io.lynx.testkit.LynxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Starts the service with keys of its own in a Redis, which the tests start. It must be installed. */
@WithRedis
@ExtendWith(LynxExtension.class)
class RedisTest {
    private static final LynxTest lynx = LynxTest.application(Main::plugins)
            .with("lynx.http.port", "0")
            .with("lynx.metrics.prometheus.port", "0")
            .with("lynx.redis.startup", "require")
            .build();

    @Test
    void writesItsKeys(TestRedis redis) {
        assertThat(lynx.resource(RedisPlugin.key()).set("greeting", "Hello")).isEqualTo("OK");

        assertThat(redis.keys()).containsExactly("greeting");
    }
}
