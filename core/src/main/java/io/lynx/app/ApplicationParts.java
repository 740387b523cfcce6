package io.lynx.app;

import io.lynx.app.reload.ConfigReload;
import io.lynx.app.reload.ConfigWatch;
import io.lynx.app.reload.CurrentConfig;
import io.lynx.app.reload.ReloadConfig;
import io.lynx.app.reload.ReloadableSection;
import io.lynx.app.telemetry.EventPublisher;
import io.lynx.app.telemetry.FrameworkMetrics;
import io.lynx.app.telemetry.LifecycleLog;
import io.lynx.app.telemetry.MeasuredApplication;
import io.lynx.config.Binding;
import io.lynx.config.ConfigEvent;
import io.lynx.container.PluginContainer;
import io.lynx.container.PluginServices;
import io.lynx.container.Timeouts;
import io.lynx.event.Events;
import io.lynx.event.EventsBuilder;
import io.lynx.extension.Notifier;
import io.lynx.extension.Registration;
import io.lynx.health.HealthCheckOptions;
import io.lynx.health.HealthCheckOptions.Criticality;
import io.lynx.health.HealthMonitor;
import io.lynx.page.PluginPages;
import io.lynx.plugin.PluginEvent;
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
record ApplicationParts(
        Blueprint blueprint,
        CurrentConfig live,
        PluginContainer container,
        HealthMonitor health,
        Events events,
        CircuitBreakers breakers,
        ErrorRecoveryManager recovery,
        FrameworkMetrics measures,
        EventPublisher life,
        ConfigReload reload,
        ConfigWatch watch) {
    /** Puts the parts together; starts nothing but the health checks' timer. */
    static ApplicationParts of(
            Blueprint.Draft draft,
            Blueprint blueprint,
            ApplicationTime time,
            Executor background,
            VirtualThreads threads,
            FrameworkMetrics measures,
            ErrorClassifier classifier,
            LoggingBackends logging,
            LifecycleLog log,
            ApplicationView view,
            Notifier<PluginEvent> plugins,
            Consumer<String> requestStop) {
        Ticker ticker = time.ticker();
        Scheduler scheduler = time.scheduler();
        HealthMonitor health = HealthMonitor.builder(
                        blueprint.binding().get(Blueprint.HEALTH), scheduler, ticker, background)
                .clock(time.clock())
                .build();
        measures.observe(health);
        EventsBuilder buses = Events.builder()
                .configuration(blueprint.binding().get(Blueprint.EVENTS))
                .ticker(ticker)
                .wallClock(time.clock())
                .scheduler(scheduler)
                .threads(threads.named("lynx-events-"));
        measures.observe(buses);
        Events events = buses.build();
        EventPublisher life = new EventPublisher(events);
        CircuitBreakers.Builder guards = CircuitBreakers.builder(
                        blueprint.binding().get(Blueprint.BREAKERS))
                .ticker(ticker)
                .listener(life::breaker);
        measures.observe(guards);
        CircuitBreakers breakers = guards.build();
        var _ = health.addListener("event bus", life::health);
        PluginRecovery recovery = new PluginRecovery(
                blueprint, time, threads.named("lynx-recovery-"), classifier, health, breakers, requestStop);
        measures.observe(recovery.manager());
        var _ = recovery.manager().addListener("events", life::recovery);
        var _ = health.register(
                HealthMonitor.OWN_PLUGIN,
                "lynx.recovery",
                HealthCheckOptions.defaults().withCriticality(Criticality.DEGRADING),
                recovery.manager()::checkHealth);
        Registration _ = plugins.add("lifecycle log", log::on);
        measures.observePlugins(plugins);
        Registration _ = plugins.add("lifecycle events", life::plugin);
        Registration _ = plugins.add("recovery", recovery::on);
        CurrentConfig live = new CurrentConfig(blueprint.binding());
        PluginServices services = new PluginServices(
                ticker,
                scheduler,
                time.deadlines(),
                time.clock(),
                live,
                health::register,
                events,
                breakers,
                measures.metrics(),
                new PluginPages(),
                plugins);
        PluginContainer container =
                new PluginContainer(blueprint.graph(), blueprint.plugins(), services, () -> timeouts(live.inForce()));
        recovery.attach(container);
        container.share(ErrorRecoveryManager.KEY, recovery.manager().shared());
        Notifier<ConfigEvent> configEvents = new Notifier<>(ticker);
        Registration _ = configEvents.add("log", log::on);
        Registration _ = configEvents.add("event bus", life::config);
        measures.observe(configEvents);
        configEvents.publish(new ConfigEvent.Loaded(
                blueprint.config().sources(), blueprint.binding().warnings()));
        ConfigWatch watch = new ConfigWatch(scheduler, configEvents);
        ConfigReload reload = new ConfigReload(
                draft::load,
                config -> draft.draw(config).read(),
                blueprint.read(),
                live,
                sections(health, recovery.manager(), logging, watch),
                configEvents);
        ApplicationParts parts = new ApplicationParts(
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
        measures.attach(new MeasuredApplication(
                view,
                blueprint.identity(),
                health,
                events,
                breakers,
                recovery.manager(),
                container::statuses,
                // Requests count one each, as each has a thread while it is served.
                () -> threads.live() + container.threads() + container.traffic().inFlight(),
                logging::counts));
        return parts;
    }

    private static Timeouts timeouts(Binding binding) {
        StartupConfig startup = binding.get(Blueprint.STARTUP);
        ShutdownConfig shutdown = binding.get(Blueprint.SHUTDOWN);
        return new Timeouts(
                startup.timeout(),
                shutdown.timeout(),
                startup.pluginTimeout(),
                shutdown.pluginTimeout(),
                startup.pluginTimeouts(),
                shutdown.pluginTimeouts());
    }

    /** All that can change while the application runs. */
    private static List<ReloadableSection<?>> sections(
            HealthMonitor health, ErrorRecoveryManager recovery, LoggingBackends logging, ConfigWatch watch) {
        List<ReloadableSection<?>> sections = new ArrayList<>(List.of(
                ReloadableSection.all(Blueprint.HEALTH, health::apply),
                ReloadableSection.some(
                        Blueprint.RECOVERY,
                        recovery::apply,
                        "error_threshold",
                        "recovery_timeout",
                        "on_exhausted",
                        "quarantine_initial",
                        "quarantine_max"),
                ReloadableSection.onUse(Blueprint.STARTUP, "timeout", "plugin_timeout", "plugin_timeouts"),
                ReloadableSection.onUse(
                        Blueprint.SHUTDOWN, "timeout", "graceful", "drain_delay", "plugin_timeout", "plugin_timeouts"),
                ReloadableSection.all(ReloadConfig.SECTION, changed -> watch.every(changed.watchInterval()))));
        if (logging.arePresent()) {
            sections.add(ReloadableSection.all(Blueprint.LOG, logging::apply));
        }
        return sections;
    }
}
