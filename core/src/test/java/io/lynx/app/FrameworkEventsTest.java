package io.lynx.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.config.ConfigEvent;
import io.lynx.event.Event;
import io.lynx.event.TopicFilter;
import io.lynx.health.Health;
import io.lynx.health.HealthCheckOptions;
import io.lynx.health.HealthEvent;
import io.lynx.plugin.PluginEvent;
import io.lynx.plugin.PluginState;
import io.lynx.recovery.ErrorSeverity;
import io.lynx.recovery.RecoveryEvent;
import io.lynx.recovery.RecoveryRecord;
import io.lynx.recovery.RecoveryStrategy;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerEvent;
import io.lynx.testkit.Await;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The framework's own life on its buses, looked up in their histories. */
class FrameworkEventsTest {
    private volatile @Nullable Application asked;
    private final RecordingPlugin shop = RecordingPlugin.named("shop");
    private final Application application = builder(shop).build();

    private static Application.Builder builder(RecordingPlugin plugin) {
        return Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.2.3")
                .plugin(plugin);
    }

    private static <T> Stream<T> said(Application application, String bus, Class<T> kind) {
        return application.events().history(TopicFilter.bus(bus)).stream()
                .map(Event::payload)
                .filter(kind::isInstance)
                .map(kind::cast);
    }

    private <T> List<T> await(String bus, Class<T> kind) {
        return await(application, bus, kind, _ -> true);
    }

    /** All events of that kind, as soon as there is one like {@code wanted}. */
    private static <T> List<T> await(Application application, String bus, Class<T> kind, Predicate<T> wanted) {
        Await.until("a " + kind.getSimpleName() + " is published", () -> said(application, bus, kind)
                .anyMatch(wanted));
        return said(application, bus, kind).toList();
    }

    @Test
    void publishesThePhasesOfItsLifecycle() throws Exception {
        application.start();
        application.stop();

        assertThat(said(application, "plugin", PluginEvent.StateChanged.class)
                        .map(event -> event.plugin().state()))
                .containsExactly(PluginState.STARTING, PluginState.RUNNING, PluginState.STOPPING, PluginState.STOPPED);
        assertThat(said(application, "system", LifecycleEvent.class)
                        .map(event -> event.getClass().getSimpleName()))
                .containsExactly(
                        "Starting", "Ready", "ShutdownRequested", "PhaseEntered", "PhaseEntered", "PhaseEntered");
        assertThat(said(application, "system", RecoveryEvent.class)).isEmpty();
        assertThat(said(application, "config", ConfigEvent.class))
                .containsExactly(new ConfigEvent.Loaded(List.of(), List.of()));
        assertThat(said(application, "system", LifecycleEvent.PhaseEntered.class)
                        .map(LifecycleEvent.PhaseEntered::phase))
                .containsExactlyInAnyOrder(
                        ShutdownReport.Phase.Name.ANNOUNCE,
                        ShutdownReport.Phase.Name.PLUGINS,
                        ShutdownReport.Phase.Name.EXIT);
    }

    /** A filter runs where the event is published: were a lock held there, whoever asks on another thread would wait. */
    @Test
    void publishesWhileNoLockIsHeld() throws Exception {
        Set<String> published = ConcurrentHashMap.newKeySet();
        Set<String> stuck = ConcurrentHashMap.newKeySet();
        RecordingPlugin listener = RecordingPlugin.starting("listener", context -> {
            for (String bus : List.of("plugin", "system", "health", "config")) {
                context.own(context.events()
                        .subscribe(
                                TopicFilter.bus(bus),
                                event -> {},
                                o -> o.where(event -> {
                                    published.add(event.type());
                                    if (!canAskEverything()) {
                                        stuck.add(event.toString());
                                    }
                                    return true;
                                })));
            }
            context.healthCheck("till", HealthCheckOptions.defaults(), Health::up);
        });
        asked = builder(listener)
                .plugin(new RecordingPlugin("late", it -> it.requires("listener"), context -> {}))
                .build();
        try (Application started = asked) {
            started.start();
            started.recovery()
                    .registerRecoveryStrategy("till_jammed", RecoveryStrategy.degrade("cash only", context -> {}));
            started.breakers().get("late").forceOpen();
            started.recovery().recordError("till_jammed", "paper", "till", ErrorSeverity.HIGH, null);
            started.restart("late");
            Await.until("the recovery is published", () -> published.contains("recovery.changed"));
            started.stop();
        }

        assertThat(published)
                .contains(
                        "lifecycle.changed",
                        "breaker.transition",
                        "error.occurred",
                        "recovery.changed",
                        "health.changed",
                        "shutdown.progress");
        assertThat(stuck).isEmpty();
    }

    private boolean canAskEverything() {
        Application application = Objects.requireNonNull(asked);
        CountDownLatch answered = new CountDownLatch(1);
        Thread.ofVirtual().start(() -> {
            application.plugins();
            application.health().snapshot();
            application.breakers().all().forEach(CircuitBreaker::snapshot);
            application.recovery().errorStats();
            application.events().snapshot();
            application.shutdownReport();
            answered.countDown();
        });
        try {
            return answered.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    @Test
    void publishesAFailedStart() {
        Application broken = builder(RecordingPlugin.starting("broken", context -> {
                    throw new IllegalStateException("no licence");
                }))
                .build();

        assertThatThrownBy(broken::start).isInstanceOf(StartException.class);

        assertThat(said(broken, "plugin", PluginEvent.StateChanged.class)
                        .filter(event -> event.plugin().state() == PluginState.FAILED))
                .singleElement()
                .satisfies(failed -> assertThat(failed.plugin().failure()).hasMessage("no licence"));
        assertThat(said(broken, "system", LifecycleEvent.StartFailed.class))
                .singleElement()
                .satisfies(failed -> assertThat(failed.message()).contains("broken"));
    }

    @Test
    void publishesChangesOfBreakersAndHealth() throws Exception {
        Application watched = builder(RecordingPlugin.starting(
                        "shop", context -> context.healthCheck("till", HealthCheckOptions.defaults(), Health::up)))
                .build();
        try (watched) {
            watched.start();
            watched.breakers().get("shop").forceOpen();

            assertThat(said(watched, "system", CircuitBreakerEvent.StateChanged.class))
                    .singleElement()
                    .satisfies(transition -> assertThat(transition.breaker()).isEqualTo("shop"));
            assertThat(await(watched, "health", HealthEvent.CheckChanged.class, changed -> changed.report()
                            .name()
                            .equals("till")))
                    .isNotEmpty();
        }
    }

    @Test
    void publishesErrorsAndRecoveries() {
        try (application) {
            application.start();
            application
                    .recovery()
                    .registerRecoveryStrategy("till_jammed", RecoveryStrategy.degrade("cash only", context -> {}));

            application.recovery().recordError("till_jammed", "paper", "till", ErrorSeverity.HIGH, null);

            assertThat(await("system", RecoveryEvent.RecoveryFinished.class))
                    .singleElement()
                    .satisfies(
                            ended -> assertThat(ended.recovery().result()).isEqualTo(RecoveryRecord.Result.DEGRADED));
            assertThat(said(application, "system", RecoveryEvent.ErrorRecorded.class))
                    .singleElement()
                    .satisfies(error -> assertThat(error.component()).isEqualTo("till"));
            assertThat(said(application, "system", RecoveryEvent.RecoveryStarted.class))
                    .singleElement()
                    .satisfies(started -> assertThat(started.errorType()).isEqualTo("till_jammed"));
            assertThat(said(application, "system", RecoveryEvent.StrategyFinished.class))
                    .singleElement()
                    .satisfies(ended -> assertThat(ended.outcome().label()).isEqualTo("degraded"));
        }
    }
}
