package io.lynx.examples.orders;

import io.lynx.config.Binding;
import io.lynx.config.ConfigSection;
import io.lynx.health.HealthCheck;
import io.lynx.health.HealthCheckOptions;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.ResourceKey;
import io.lynx.plugin.TrafficListener;
import io.lynx.time.Scheduler;
import io.lynx.time.SystemScheduler;
import io.lynx.time.Ticker;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;

/** A context for one plugin: holds what it is given, and closes what the plugin owns when it is closed. */
final class FakeContext implements PluginContext, AutoCloseable {
    private final Map<Class<?>, Record> configs = new HashMap<>();
    private final Map<String, Object> resources = new HashMap<>();
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private final SystemScheduler scheduler = new SystemScheduler("fake-timer", Runnable::run);

    FakeContext config(Record config) {
        configs.put(config.getClass(), config);
        return this;
    }

    @Override
    public void close() throws Exception {
        while (!owned.isEmpty()) {
            owned.pop().close();
        }
        scheduler.close();
    }

    @Override
    public String id() {
        return "fake";
    }

    @Override
    public <T extends Record> T config(Class<T> type) {
        return type.cast(configs.computeIfAbsent(type, _ -> Binding.defaults(type)));
    }

    @Override
    public <T extends Record> T config(ConfigSection<T> section) {
        return config(section.type());
    }

    @Override
    public Ticker ticker() {
        return Ticker.system();
    }

    @Override
    public Scheduler scheduler() {
        return scheduler;
    }

    @Override
    public ThreadFactory threads() {
        return Thread.ofVirtual().name("fake-", 0).factory();
    }

    @Override
    public <T extends AutoCloseable> T own(T resource) {
        owned.push(resource);
        return resource;
    }

    @Override
    public <T> void share(ResourceKey<T> key, T value) {
        resources.put(key.name(), value);
    }

    @Override
    public <T> T resource(ResourceKey<T> key) {
        return findResource(key).orElseThrow(() -> new IllegalStateException("nobody shares " + key.name()));
    }

    @Override
    public <T> Optional<T> findResource(ResourceKey<T> key) {
        return Optional.ofNullable(key.type().cast(resources.get(key.name())));
    }

    @Override
    public void healthCheck(String name, HealthCheckOptions options, HealthCheck check) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void traffic(TrafficListener listener) {
        throw new UnsupportedOperationException();
    }
}
