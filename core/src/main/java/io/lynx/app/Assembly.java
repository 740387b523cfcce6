package io.lynx.app;

import io.lynx.config.ConfigSection;
import io.lynx.container.PluginContainer;
import io.lynx.container.PluginServices;
import io.lynx.container.Timeouts;
import io.lynx.event.Events;
import io.lynx.event.EventsBuilder;
import io.lynx.health.HealthCheckOptions;
import io.lynx.health.HealthMonitor;
import io.lynx.health.HealthSettings;
import io.lynx.recovery.ErrorClassifier;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The parts of an application that there are once its configuration is bound. Immutable. */
record Assembly(
        Blueprint blueprint,
        PluginContainer container,
        HealthMonitor health,
        Events events,
        CircuitBreakers breakers,
        ErrorRecoveryManager recovery,
        FrameworkMetrics measures,
        LifeEvents life) {
    /** Puts the parts together; starts nothing but the health checks' timer. */
    static Assembly of(
            Blueprint blueprint,
            Ticker ticker,
            Scheduler scheduler,
            Executor background,
            VirtualThreads threads,
            FrameworkMetrics measures,
            ErrorClassifier classifier,
            LifecycleLog log,
            Consumer<String> requestStop) {
        StartupConfig startup = blueprint.startup();
        ShutdownConfig shutdown = blueprint.shutdown();
        HealthMonitor health = HealthMonitor.builder(
                        HealthSettings.of(blueprint.binding().get(Blueprint.HEALTH)), scheduler, ticker, background)
                .build();
        measures.observe(health);
        EventsBuilder buses = Events.builder()
                .configuration(blueprint.binding().get(Blueprint.EVENTS))
                .ticker(ticker)
                .scheduler(scheduler)
                .threads(threads.named("lynx-events-"));
        measures.observe(buses);
        Events events = buses.build();
        LifeEvents life = new LifeEvents(events, measures.before(log));
        CircuitBreakers.Builder guards = CircuitBreakers.builder(
                        blueprint.binding().get(Blueprint.BREAKERS))
                .ticker(ticker)
                .listener(life::breaker);
        measures.observe(guards);
        CircuitBreakers breakers = guards.build();
        health.addListener(life::health);
        PluginRecovery recovery = new PluginRecovery(
                blueprint,
                ticker,
                scheduler,
                threads.named("lynx-recovery-"),
                measures.recovery(),
                classifier,
                health,
                life,
                requestStop);
        recovery.manager().addListener(life::recovery);
        health.register(
                HealthMonitor.OWN_PLUGIN,
                "lynx.recovery",
                HealthCheckOptions.defaults(),
                recovery.manager()::checkHealth);
        PluginServices.Settings settings = new PluginServices.Settings() {
            @Override
            public <T extends Record> @Nullable T find(ConfigSection<T> section) {
                return blueprint.binding().find(section);
            }
        };
        PluginServices services = new PluginServices(
                ticker, scheduler, settings, health::registerRemovable, events, breakers, measures.metrics(), recovery);
        Timeouts timeouts = new Timeouts(
                startup.pluginTimeout(), shutdown.pluginTimeout(), startup.pluginTimeouts(), shutdown.pluginTimeouts());
        PluginContainer container = new PluginContainer(blueprint.graph(), blueprint.plugins(), services, timeouts);
        recovery.attach(container);
        container.share(ErrorRecoveryManager.KEY, recovery.manager());
        Assembly assembly =
                new Assembly(blueprint, container, health, events, breakers, recovery.manager(), measures, life);
        measures.attach(assembly);
        return assembly;
    }
}
