package io.lynx.redis.test;

import io.lynx.redis.RedisPlugin;
import io.lynx.testkit.LynxTest;

/** Applications of tests with {@link WithRedis}. */
final class TestApplications {
    private TestApplications() {}

    /** Starts an application with the Redis without a name. */
    static LynxTest start() {
        return patient(LynxTest.application(app -> app.discoverPlugins(false).plugin(new RedisPlugin())))
                .with("lynx.application.name", "test")
                .with("lynx.application.version", "1")
                .start();
    }

    /** Gives commands the time that they may need on a busy machine. */
    static LynxTest.Builder patient(LynxTest.Builder application) {
        return application
                .with("lynx.redis.connect_timeout", "10s")
                .with("lynx.redis.command_timeout", "10s")
                .with("lynx.redis.max_wait", "10s");
    }
}
