package io.lynx.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lynx.app.ShutdownReport.Phase;
import io.lynx.app.ShutdownReport.StoppedPlugin;
import io.lynx.config.ConfigEvent;
import io.lynx.config.ConfigurationException;
import io.lynx.config.ConfigurationException.ConfigProblem;
import io.lynx.event.Event;
import io.lynx.event.TopicFilter;
import io.lynx.health.HealthCheckOptions.Group;
import io.lynx.health.HealthStatus;
import io.lynx.json.JsonCodec;
import io.lynx.json.TypeOf;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginEvent;
import io.lynx.plugin.PluginState;
import io.lynx.plugin.PluginStatus;
import io.lynx.testkit.Await;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class ApplicationTest {
    private static Application.Builder builder(Plugin... plugins) {
        Application.Builder builder = Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.2.3");
        for (Plugin plugin : plugins) {
            builder.plugin(plugin);
        }
        return builder;
    }

    @Test
    void startsServesAndStops() throws Exception {
        FakeListener listener = new FakeListener();
        RecordingPlugin web = RecordingPlugin.starting("web", context -> context.traffic(listener));
        Application application = builder(web).build();

        application.start();

        assertThat(application.state()).isEqualTo(ApplicationState.READY);
        assertThat(application.urls()).containsExactly("fake://here");
        assertThat(application.identity().name()).isEqualTo("shop");
        assertThat(application.health().snapshot().status(Group.READINESS)).isEqualTo(HealthStatus.UP);

        ShutdownReport report = application.stop();

        assertThat(report.isClean()).isTrue();
        assertThat(report.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(report.phases())
                .extracting(Phase::name)
                .containsExactly(
                        Phase.Name.ANNOUNCE, Phase.Name.DELAY, Phase.Name.DRAIN, Phase.Name.PLUGINS, Phase.Name.EXIT);
        assertThat(report.plugins()).extracting(StoppedPlugin::id).containsExactly("web");
        assertThat(listener.journal).containsExactly("open", "announce", "drain", "drained", "close");
        assertThat(application.state()).isEqualTo(ApplicationState.STOPPED);
        assertThat(application.health().snapshot().status(Group.READINESS)).isEqualTo(HealthStatus.OUT_OF_SERVICE);
    }

    @Test
    void drainWaitsForTheLastRequest() throws Exception {
        FakeListener listener = new FakeListener();
        Application application = builder(RecordingPlugin.starting("web", context -> context.traffic(listener)))
                .build();
        application.start();
        listener.inFlight().begin();
        listener.inFlight().begin();

        application.requestStop("test");
        Await.until("the drain has begun", () -> listener.journal.contains("drain"));
        listener.inFlight().end();
        assertThat(application.state()).isEqualTo(ApplicationState.DRAINING);
        listener.inFlight().end();
        ShutdownReport report = application.awaitStop();

        assertThat(listener.journal).contains("drained");
        assertThat(report.inFlightAtStart()).isEqualTo(2);
        assertThat(report.inFlightAtEnd()).isZero();
        assertThat(report.requestsFailed()).isZero();
    }

    @Test
    void requestsThatOutliveTheDrainAreCutOffAndCounted() throws Exception {
        FakeListener listener = new FakeListener();
        Application application = builder(RecordingPlugin.starting("web", context -> context.traffic(listener)))
                .set("lynx.shutdown.timeout", "2s")
                .build();
        application.start();
        listener.inFlight().begin();

        ShutdownReport report = application.stop();

        assertThat(listener.journal).contains("drain", "close");
        assertThat(report.inFlightAtEnd()).isEqualTo(1);
        assertThat(report.requestsFailed()).isEqualTo(1);
        assertThat(report.cutOff()).singleElement().satisfies(request -> {
            assertThat(request.name()).isEqualTo("GET /fake");
            assertThat(request.stack()).anyMatch(frame -> frame.contains("ApplicationTest"));
        });
        assertThat(report.exitCode()).isEqualTo(ExitCode.UNCLEAN_SHUTDOWN);
    }

    @Test
    void atMostTwentyOfTheRequestsThatAreCutOffAreNamed() throws Exception {
        FakeListener listener = new FakeListener();
        Application application = builder(RecordingPlugin.starting("web", context -> context.traffic(listener)))
                .set("lynx.shutdown.graceful", "false")
                .build();
        application.start();
        for (int i = 0; i < 25; i++) {
            listener.inFlight().begin();
        }

        ShutdownReport report = application.stop();

        assertThat(report.cutOff()).hasSize(20).allMatch(request -> request.name()
                .equals("GET /fake"));
        assertThat(report.inFlightAtEnd()).isEqualTo(25);
        assertThat(report.requestsFailed()).isEqualTo(25);
        assertThat(report.exitCode()).isEqualTo(ExitCode.UNCLEAN_SHUTDOWN);
    }

    @Test
    void withoutGracefulTheListenersCloseAtOnce() throws Exception {
        FakeListener listener = new FakeListener();
        Application application = builder(RecordingPlugin.starting("web", context -> context.traffic(listener)))
                .set("lynx.shutdown.graceful", "false")
                .build();
        application.start();

        ShutdownReport report = application.stop();

        assertThat(listener.journal).containsExactly("open", "close");
        assertThat(report.phases())
                .extracting(Phase::name)
                .containsExactly(Phase.Name.ANNOUNCE, Phase.Name.PLUGINS, Phase.Name.EXIT);
    }

    @Test
    void reportsProblemsOfConfigurationAndPluginsTogether() {
        Application application = builder(new RecordingPlugin("a", it -> it.requires("gone"), context -> {}))
                .set("lynx.shutdown.timeout", "30")
                .set("lynx.shutdown.timout", "30s")
                .build();

        ConfigurationException failure = catchThrowableOfType(ConfigurationException.class, application::start);

        assertThat(failure.problems())
                .extracting(ConfigProblem::message)
                .containsExactly(
                        "lynx.shutdown.timeout: '30' is not a duration (code); write '30s'",
                        "lynx.shutdown.timout: unknown (code); did you mean 'timeout'?",
                        "plugin 'a': requires 'gone', which is missing; add a plugin with this id or one that"
                                + " provides it");
        assertThat(application.state()).isEqualTo(ApplicationState.FAILED);
    }

    @Test
    void pluginThatFailsToDescribeItselfIsReportedWithTheOtherProblems() {
        Plugin mute = new Plugin() {
            @Override
            public io.lynx.plugin.PluginDescriptor descriptor() {
                throw new IllegalStateException("who am I");
            }

            @Override
            public void start(io.lynx.plugin.PluginContext context) {}
        };

        assertThatThrownBy(builder(mute).build()::start)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("descriptor() failed: who am I");
    }

    @Test
    void failedStartStopsTheStartedPluginsAndNamesTheCause() {
        RecordingPlugin database = RecordingPlugin.named("database");
        RecordingPlugin orders = new RecordingPlugin("orders", it -> it.requires("database"), context -> {
            throw new IllegalStateException("no schema");
        });
        Application application = builder(database, orders).build();

        StartException failure = catchThrowableOfType(StartException.class, application::start);

        assertThat(failure)
                .hasMessage("plugin 'orders': failed to start: java.lang.IllegalStateException: no schema")
                .hasRootCauseMessage("no schema");
        assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(database.journal).containsExactly("start", "stop");
        assertThat(orders.journal).containsExactly("start", "stop");
        assertThat(application.state()).isEqualTo(ApplicationState.FAILED);
    }

    @Test
    void stopDuringTheStartCancelsItAndIsClean() throws Exception {
        CountDownLatch starting = new CountDownLatch(1);
        RecordingPlugin slow = RecordingPlugin.starting("slow", context -> {
            starting.countDown();
            new CountDownLatch(1).await();
        });
        Application application = builder(slow).build();
        FutureTask<StartException> start =
                new FutureTask<>(() -> catchThrowableOfType(StartException.class, application::start));
        Thread.ofPlatform().start(start);
        starting.await();

        ShutdownReport report = application.stop();

        assertThat(start.get()).hasMessage("the start was cancelled");
        assertThat(report.isClean()).isTrue();
        assertThat(report.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(slow.journal).containsExactly("start", "stop");
        assertThat(application.state()).isEqualTo(ApplicationState.STOPPED);
    }

    @Test
    void anApplicationThatIsStoppedBeforeItsStartCannotStart() throws Exception {
        RecordingPlugin any = RecordingPlugin.named("any");
        Application application = builder(any).build();

        ShutdownReport report = application.stop();

        assertThat(report.isClean()).isTrue();
        assertThatThrownBy(application::start)
                .isInstanceOf(StartException.class)
                .hasMessage("a shutdown was requested before the start");
        assertThatThrownBy(application::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("application: is STOPPED; it can be started once");
        assertThat(any.journal).isEmpty();
    }

    @Test
    void signalBeforeTheStartEndsItWithTheCodeOfTheSignal() {
        Application application = builder(RecordingPlugin.named("any")).build();
        application.requestStop(new ShutdownTrigger.Signal("TERM", 15));

        StartException cancelled = catchThrowableOfType(StartException.class, application::start);

        assertThat(cancelled.exitCode()).isEqualTo(143);
        assertThat(application.state()).isEqualTo(ApplicationState.STOPPED);
    }

    @Test
    void onlyTheFirstRequestToStopCounts() throws Exception {
        Application application = builder(RecordingPlugin.named("any")).build();
        application.start();

        application.requestStop(new ShutdownTrigger.Signal("TERM", 15));
        application.requestStop("later");
        ShutdownReport report = application.stop();

        assertThat(report.trigger()).hasToString("SIGTERM");
        assertThat(report.exitCode()).isEqualTo(143);
    }

    @Test
    void exitsWithZeroAfterACleanShutdownBySignalIfConfigured() throws Exception {
        Application application =
                builder().set("lynx.shutdown.exit_code", "zero").build();
        application.start();

        application.requestStop(new ShutdownTrigger.Signal("TERM", 15));

        assertThat(application.awaitStop().exitCode()).isEqualTo(ExitCode.OK);
    }

    @Test
    void aFailureToStopIsReportedAndTheShutdownIsClean() throws Exception {
        RecordingPlugin any = RecordingPlugin.starting("any", context -> {
            AutoCloseable _ = context.<AutoCloseable>own(() -> {
                throw new IllegalStateException("cannot close");
            });
        });
        Application application = builder(any).build();
        application.start();

        ShutdownReport report = application.stop();

        assertThat(report.plugins()).singleElement().satisfies(plugin -> {
            assertThat(plugin.state()).isEqualTo(PluginState.STOPPED);
            assertThat(plugin.failure()).contains("cannot close");
        });
        assertThat(report.isClean()).isTrue();
        assertThat(report.exitCode()).isEqualTo(ExitCode.OK);
    }

    @Test
    void hungPluginIsAbandonedAndTheShutdownIsUnclean() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Plugin deaf = new Plugin() {
            @Override
            public io.lynx.plugin.PluginDescriptor descriptor() {
                return io.lynx.plugin.PluginDescriptor.of("deaf").build();
            }

            @Override
            public void start(io.lynx.plugin.PluginContext context) {}

            @Override
            public void stop(io.lynx.time.Deadline deadline) {
                while (never.getCount() > 0) {
                    try {
                        never.await();
                    } catch (InterruptedException ignored) {
                        // Deaf on purpose.
                    }
                }
            }
        };
        Application application =
                builder(deaf).set("lynx.shutdown.plugin_timeouts.deaf", "1s").build();
        application.start();

        ShutdownReport report = application.stop();

        assertThat(report.isClean()).isFalse();
        assertThat(report.exitCode()).isEqualTo(ExitCode.UNCLEAN_SHUTDOWN);
        assertThat(report.plugins().getFirst().state()).isEqualTo(PluginState.ABANDONED);
        assertThat(report.plugins().getFirst().stack()).anyMatch(line -> line.contains("ApplicationTest"));
        never.countDown();
    }

    @Test
    void failedOptionalPluginMakesTheApplicationDegraded() throws Exception {
        RecordingPlugin cache = new RecordingPlugin("cache", it -> it.optional(), context -> {
            throw new IllegalStateException("no room");
        });
        try (Application application = builder(cache).build()) {
            application.start();

            Await.until(
                    "the application is degraded",
                    () -> application.health().snapshot().status(Group.READINESS) == HealthStatus.DEGRADED);
            assertThat(application.state()).isEqualTo(ApplicationState.READY);
        }
    }

    @Test
    void restartsAPluginWithItsDependants() throws Exception {
        RecordingPlugin database = RecordingPlugin.named("database");
        RecordingPlugin orders = new RecordingPlugin("orders", it -> it.requires("database"), context -> {});
        try (Application application = builder(database, orders).build()) {
            application.start();

            application.restart("database");

            assertThat(database.journal).containsExactly("start", "stop", "start");
            assertThat(orders.journal).containsExactly("start", "stop", "start");
            assertThat(application.plugins()).extracting(PluginStatus::restarts).containsExactly(1, 1);
        }
    }

    @Test
    void failedRestartAffectsTheHealthUntilALaterOneSucceeds() throws Exception {
        AtomicBoolean broken = new AtomicBoolean();
        RecordingPlugin database = RecordingPlugin.starting("database", context -> {
            if (broken.get()) {
                throw new IllegalStateException("no schema");
            }
        });
        RecordingPlugin orders = new RecordingPlugin("orders", it -> it.requires("database"), context -> {});
        try (Application application = builder(database, orders).build()) {
            application.start();
            broken.set(true);

            assertThatThrownBy(() -> application.restart("database")).isInstanceOf(StartException.class);

            Await.until(
                    "the application is not ready",
                    () -> application.health().snapshot().status(Group.READINESS) != HealthStatus.UP);
            broken.set(false);
            application.restart("database");
            Await.until(
                    "the application is ready",
                    () -> application.health().snapshot().status(Group.READINESS) == HealthStatus.UP);
            assertThat(application.plugins()).allMatch(plugin -> plugin.state() == PluginState.RUNNING);
        }
    }

    @Test
    void pluginWhoseThreadDiesIsRestartedWithItsDependants() throws Exception {
        RecordingPlugin worker = RecordingPlugin.named("worker");
        RecordingPlugin orders = new RecordingPlugin("orders", it -> it.requires("worker"), context -> {});
        try (Application application = builder(worker, orders).build()) {
            application.start();

            Objects.requireNonNull(worker.context)
                    .threads()
                    .newThread(() -> {
                        throw new IllegalStateException("lost");
                    })
                    .start();

            Await.until(
                    "the worker has restarted",
                    () -> worker.journal.equals(List.of("start", "stop", "start"))
                            && orders.journal.equals(List.of("start", "stop", "start")));
            Await.until(
                    "the recovery has succeeded",
                    () -> application.recovery().errorStats().recoveryStats().successful() == 1);
            assertThat(application.plugins()).allMatch(plugin -> plugin.state() == PluginState.RUNNING);
        }
    }

    @Test
    void optionalPluginThatFailedToStartIsRestarted() throws Exception {
        AtomicBoolean broken = new AtomicBoolean(true);
        RecordingPlugin cache = new RecordingPlugin("cache", it -> it.optional(), context -> {
            if (broken.getAndSet(false)) {
                throw new IllegalStateException("not yet");
            }
        });
        try (Application application = builder(cache).build()) {
            application.start();

            Await.until(
                    "the plugin runs", () -> application.plugins().getFirst().state() == PluginState.RUNNING);
            assertThat(cache.journal).containsExactly("start", "stop", "start");
        }
    }

    @Test
    void eventsOfTheFrameworkReachSubscribers() throws Exception {
        List<Object> received = new CopyOnWriteArrayList<>();
        RecordingPlugin listener = RecordingPlugin.starting("listener", context -> {
            context.own(context.events().subscribe(LynxTopics.APPLICATION, received::add));
            context.own(context.events().subscribe(LynxTopics.PLUGIN, received::add));
        });
        RecordingPlugin late = new RecordingPlugin("late", it -> it.requires("listener"), context -> {});
        try (Application application = builder(listener, late).build()) {
            application.start();

            Await.until("the application is ready", () -> received.stream()
                    .anyMatch(LifecycleEvent.Ready.class::isInstance));
            Await.until("the late plugin runs", () -> received.stream()
                    .anyMatch(event -> event instanceof PluginEvent.StateChanged changed
                            && changed.plugin().id().equals("late")
                            && changed.plugin().state() == PluginState.RUNNING));
        }
    }

    @Test
    void twoApplicationsInOneJvmAreIndependent() throws Exception {
        RecordingPlugin first = RecordingPlugin.named("same");
        RecordingPlugin second = RecordingPlugin.named("same");
        try (Application one = builder(first).build();
                Application two = builder(second).build()) {
            one.start();
            two.start();

            one.close();

            assertThat(two.state()).isEqualTo(ApplicationState.READY);
            assertThat(second.journal).containsExactly("start");
        }
    }

    @Test
    void pluginsSeeTheJsonCodecOfTheApplication() throws Exception {
        JsonCodec codec = new JsonCodec() {
            @Override
            public byte[] write(Object value) {
                return new byte[0];
            }

            @Override
            public <T> T read(byte[] json, TypeOf<T> type) {
                throw new IllegalStateException();
            }
        };
        RecordingPlugin plugin = RecordingPlugin.named("orders");
        Application application = builder(plugin).json(codec).build();
        application.start();

        assertThat(Objects.requireNonNull(plugin.context).json()).isSameAs(codec);
        ShutdownReport _ = application.stop();
    }

    @Test
    void warnsOfADrainDelayThatIsCapped() throws Exception {
        Application application = builder(RecordingPlugin.named("orders"))
                .environment(Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1"))
                .set("lynx.shutdown.timeout", "5s")
                .build();
        application.start();

        assertThat(application.events().history(TopicFilter.bus("config")))
                .extracting(Event::payload)
                .singleElement()
                .asInstanceOf(InstanceOfAssertFactories.type(ConfigEvent.Loaded.class))
                .satisfies(loaded -> assertThat(loaded.warnings())
                        .singleElement()
                        .asString()
                        .startsWith("lynx.shutdown.drain_delay: auto is capped at 1250 ms"));
        ShutdownReport _ = application.stop();
    }

    @Test
    void pluginsSeeTheApplication() throws Exception {
        RecordingPlugin curious = RecordingPlugin.named("curious");
        try (Application application = builder(curious).build()) {
            application.start();

            ApplicationView view = Objects.requireNonNull(curious.context).resource(ApplicationView.KEY);

            assertThat(view).isSameAs(application);
            assertThat(view.configuration()).anyMatch(entry -> entry.key().equals("lynx.shutdown.timeout"));
        }
    }

    @Test
    void leavesNoThreadBehind() throws Exception {
        Set<Thread> others = lynxThreads();
        Application application = builder(RecordingPlugin.starting("busy", context -> context.threads()
                        .newThread(() -> {
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException expected) {
                                Thread.currentThread().interrupt();
                            }
                        })
                        .start()))
                .build();
        application.start();
        application.stop();

        Await.until("no thread is left", () -> others.containsAll(lynxThreads()));
    }

    /** Tests of other classes may have left some. */
    private static Set<Thread> lynxThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("lynx-stop")
                        || thread.getName().startsWith("lynx-timer"))
                .collect(Collectors.toSet());
    }
}
