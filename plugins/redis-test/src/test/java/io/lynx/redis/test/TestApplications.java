package io.lynx.redis.test;

import io.lynx.redis.RedisPlugin;
import io.lynx.testkit.LynxTest;

/** Applications of tests with {@link WithRedis}. */
final class TestApplications {
    private TestApplications() {}

    /** Starts an application with the Redis without a name. */
    static LynxTest start() {
        return LynxTest.application(app -> app.discoverPlugins(false).plugin(new RedisPlugin()))
                .with("lynx.application.name", "test")
                .with("lynx.application.version", "1")
                .start();
    }
}
