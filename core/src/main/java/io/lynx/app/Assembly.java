package io.lynx.app;

import io.lynx.config.Binding;
import io.lynx.container.PluginContainer;
import io.lynx.container.PluginServices;
import io.lynx.container.Timeouts;
import io.lynx.event.Events;
import io.lynx.event.EventsBuilder;
import io.lynx.health.HealthCheckOptions;
import io.lynx.health.HealthCheckOptions.Criticality;
import io.lynx.health.HealthMonitor;
import io.lynx.recovery.ErrorClassifier;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** The parts of an application that there are once its configuration is bound. Immutable. */
record Assembly(
        Blueprint blueprint,
        LiveBinding live,
        PluginContainer container,
        HealthMonitor health,
        Events events,
        CircuitBreakers breakers,
        ErrorRecoveryManager recovery,
        FrameworkMetrics measures,
        LifeEvents life,
        ConfigReload reload,
        ConfigWatch watch) {
    /** Puts the parts together; starts nothing but the health checks' timer. */
    static Assembly of(
            Blueprint.Draft draft,
            Blueprint blueprint,
            Ticker ticker,
            Scheduler scheduler,
            Executor background,
            VirtualThreads threads,
            FrameworkMetrics measures,
            ErrorClassifier classifier,
            LoggingBackends logging,
            LifecycleLog log,
            Consumer<String> requestStop) {
        HealthMonitor health = HealthMonitor.builder(
                        blueprint.binding().get(Blueprint.HEALTH), scheduler, ticker, background)
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
        var _ = health.addListener("event bus", life::health);
        PluginRecovery recovery = new PluginRecovery(
                blueprint, ticker, scheduler, threads.named("lynx-recovery-"), classifier, health, life, requestStop);
        measures.observe(recovery.manager());
        var _ = recovery.manager().addListener("events", life::recovery);
        var _ = health.register(
                HealthMonitor.OWN_PLUGIN,
                "lynx.recovery",
                HealthCheckOptions.defaults().withCriticality(Criticality.DEGRADING),
                recovery.manager()::checkHealth);
        LiveBinding live = new LiveBinding(blueprint.binding());
        PluginServices services = new PluginServices(
                ticker,
                scheduler,
                live,
                (plugin, name, options, check) -> health.register(plugin, name, options, check)::close,
                events,
                breakers,
                measures.metrics(),
                recovery);
        PluginContainer container =
                new PluginContainer(blueprint.graph(), blueprint.plugins(), services, () -> timeouts(live.inForce()));
        recovery.attach(container);
        container.share(ErrorRecoveryManager.KEY, recovery.manager().shared());
        ConfigWatch watch = new ConfigWatch(scheduler, log);
        ConfigReload reload = new ConfigReload(
                draft::load,
                draft::draw,
                blueprint,
                live,
                followers(health, recovery.manager(), logging, watch),
                life,
                log);
        Assembly assembly = new Assembly(
                blueprint,
                live,
                container,
                health,
                events,
                breakers,
                recovery.manager(),
                measures,
                life,
                reload,
                watch);
        measures.attach(assembly);
        return assembly;
    }

    private static Timeouts timeouts(Binding binding) {
        StartupConfig startup = binding.get(Blueprint.STARTUP);
        ShutdownConfig shutdown = binding.get(Blueprint.SHUTDOWN);
        return new Timeouts(
                startup.pluginTimeout(), shutdown.pluginTimeout(), startup.pluginTimeouts(), shutdown.pluginTimeouts());
    }

    /** All that can change while the application runs. */
    private static List<Follower<?>> followers(
            HealthMonitor health, ErrorRecoveryManager recovery, LoggingBackends logging, ConfigWatch watch) {
        List<Follower<?>> followers = new ArrayList<>(List.of(
                Follower.all(Blueprint.HEALTH, health::apply),
                Follower.some(
                        Blueprint.RECOVERY, recovery::apply, "error_threshold", "recovery_timeout", "on_exhausted"),
                Follower.onUse(Blueprint.STARTUP, "timeout", "plugin_timeout", "plugin_timeouts"),
                Follower.onUse(
                        Blueprint.SHUTDOWN, "timeout", "graceful", "drain_delay", "plugin_timeout", "plugin_timeouts"),
                Follower.all(ReloadConfig.SECTION, changed -> watch.every(changed.watchInterval()))));
        if (logging.arePresent()) {
            followers.add(Follower.all(Blueprint.LOG, logging::apply));
        }
        return followers;
    }
}
