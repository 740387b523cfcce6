package io.lynx.app;

import io.lynx.app.reload.ConfigReload;
import io.lynx.app.reload.ConfigWatch;
import io.lynx.app.reload.CurrentConfig;
import io.lynx.app.reload.ReloadConfig;
import io.lynx.app.reload.ReloadProgress;
import io.lynx.app.reload.ReloadableSection;
import io.lynx.app.telemetry.EventPublisher;
import io.lynx.app.telemetry.FrameworkMetrics;
import io.lynx.app.telemetry.LifecycleLog;
import io.lynx.app.telemetry.MeasuredApplication;
import io.lynx.config.Binding;
import io.lynx.config.ConfigEvent;
import io.lynx.container.PluginContainer;
import io.lynx.container.PluginPages;
import io.lynx.container.PluginServices;
import io.lynx.container.Timeouts;
import io.lynx.context.Tracing;
import io.lynx.event.Events;
import io.lynx.event.EventsBuilder;
import io.lynx.extension.Notifier;
import io.lynx.extension.Registration;
import io.lynx.health.HealthCheckOptions;
import io.lynx.health.HealthCheckOptions.Criticality;
import io.lynx.health.HealthMonitor;
import io.lynx.metrics.MetricsConfig;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.PluginEvent;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.time.Ticker;
import java.util.ArrayList;
import java.util.List;

/** The parts of an application, which exist once its configuration is bound. Immutable. */
record ApplicationParts(
        Blueprint blueprint,
        CurrentConfig config,
        PluginContainer container,
        HealthMonitor health,
        Events events,
        CircuitBreakers breakers,
        ErrorRecoveryManager recovery,
        FrameworkMetrics metrics,
        Notifier<LifecycleEvent> lifecycle,
        ConfigReload reload,
        ConfigWatch watch) {
    /** Puts the parts together; starts nothing. */
    static ApplicationParts of(
            Blueprint blueprint, Blueprint.Draft draft, ApplicationServices services, ApplicationView view) {
        ApplicationTime time = services.time();
        Ticker ticker = time.ticker();
        VirtualThreads threads = services.threads();
        LifecycleLog log = new LifecycleLog(ticker);
        FrameworkMetrics metrics = new FrameworkMetrics(
                blueprint.binding().get(MetricsConfig.SECTION),
                blueprint.identity().name(),
                blueprint.pluginNames(),
                blueprint::hasOwnHealth,
                PluginRecovery::isForRecovery,
                time.scheduler(),
                time.clock());
        HealthMonitor health = HealthMonitor.builder(
                        blueprint.binding().get(Blueprint.HEALTH), time.scheduler(), ticker, services.background())
                .clock(time.clock())
                .build();
        metrics.observe(health);
        Tracing tracing = new Tracing(ticker, time.clock());
        EventsBuilder buses = Events.builder()
                .configuration(blueprint.binding().get(Blueprint.EVENTS))
                .ticker(ticker)
                .wallClock(time.clock())
                .scheduler(time.scheduler())
                .tracing(tracing)
                .threads(threads.named("lynx-events-"));
        metrics.observe(buses);
        Events events = buses.build();
        EventPublisher publisher = new EventPublisher(events);
        Registration _ = health.addListener("event bus", publisher::on);
        CircuitBreakers breakers = CircuitBreakers.builder(blueprint.binding().get(Blueprint.BREAKERS))
                .ticker(ticker)
                .build();
        Registration _ = breakers.addListener("event bus", publisher::on);
        metrics.observe(breakers);
        PluginRecovery recovery = new PluginRecovery(
                blueprint, time, services.classifier(), health, breakers, tracing, services.exhausted());
        metrics.observe(recovery.manager());
        Registration _ = recovery.manager().addListener("event bus", publisher::on);
        Registration _ = health.register(
                HealthMonitor.OWN_PLUGIN,
                CheckRecovery.OWN_CHECK,
                HealthCheckOptions.defaults().withCriticality(Criticality.DEGRADING),
                recovery.manager()::checkHealth);

        Notifier<LifecycleEvent> lifecycle = new Notifier<>(ticker);
        Registration _ = lifecycle.add("log", log::on);
        Registration _ = lifecycle.add("event bus", publisher::on);
        Notifier<PluginEvent> plugins = services.plugins();
        Registration _ = plugins.add("log", log::on);
        metrics.observePlugins(plugins);
        Registration _ = plugins.add("event bus", publisher::on);
        Registration _ = plugins.add("recovery", recovery::on);
        Registration _ = plugins.add("readiness", new RequiredPlugins(health, failure -> services.classifier()
                .classify(failure)
                .isExternal()));
        Notifier<ConfigEvent> configEvents = new Notifier<>(ticker);
        Registration _ = configEvents.add("log", log::on);
        Registration _ = configEvents.add("event bus", publisher::on);
        metrics.observe(configEvents);

        CurrentConfig config =
                new CurrentConfig(blueprint.binding(), blueprint.config().profiles());
        PluginContainer container = new PluginContainer(
                blueprint.graph(),
                blueprint.plugins(),
                new PluginServices(
                        ticker,
                        time.scheduler(),
                        time.deadlines(),
                        time.clock(),
                        config,
                        health::register,
                        events,
                        breakers,
                        metrics.metrics(),
                        recovery.manager().shared(),
                        new PluginPages(),
                        services.json(),
                        plugins),
                () -> timeouts(config.inForce()));
        recovery.attach(container);
        Registration _ = health.overloadSource(() -> container.traffic().rejections());
        ListenerReadiness listeners = new ListenerReadiness(
                health,
                container.traffic(),
                id -> !view.state().isLeaving()
                        && decidesReadiness(blueprint.graph().descriptor(id)),
                time.scheduler());
        container.traffic().onChange(listeners::update);
        container.share(ErrorRecoveryManager.KEY, recovery.manager().shared());
        container.share(ApplicationView.KEY, view);
        container.share(ApplicationView.DEADLINES, time.deadlines());
        container.share(Tracing.KEY, tracing);
        ConfigWatch watch = new ConfigWatch(time.scheduler(), configEvents);
        ConfigReload reload = new ConfigReload(
                draft::load,
                read -> draft.draw(read).read(),
                blueprint.read(),
                config,
                sections(health, recovery.manager(), services.logging(), watch),
                configEvents,
                new ReloadProgress(time.scheduler(), ticker, draft::current));
        metrics.attach(new MeasuredApplication(
                view,
                blueprint.identity(),
                health,
                events,
                breakers,
                recovery.manager(),
                container::statuses,
                // Requests count one each, as each has a thread while it is served.
                () -> threads.live() + container.threads() + container.traffic().inFlight(),
                services.logging()::counts));
        configEvents.publish(new ConfigEvent.Loaded(blueprint.config().sources(), blueprint.warnings()));
        return new ApplicationParts(
                blueprint,
                config,
                container,
                health,
                events,
                breakers,
                recovery.manager(),
                metrics,
                lifecycle,
                reload,
                watch);
    }

    private static boolean decidesReadiness(PluginDescriptor plugin) {
        return plugin.required() && plugin.stage() == PluginDescriptor.Stage.SERVICE;
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

    /** Returns every section that can change while the application runs. */
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
