package io.lynx.systemtest.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.event.EventBuses;
import io.lynx.event.EventHandler;
import io.lynx.event.Events;
import io.lynx.event.Events.EventObserver;
import io.lynx.event.Events.EventsCloseReport;
import io.lynx.event.PublishResult;
import io.lynx.event.Subscription;
import io.lynx.event.Subscription.EventFilter;
import io.lynx.event.Subscription.Undelivered;
import io.lynx.event.Topic;
import io.lynx.extension.Notifier;
import io.lynx.extension.Registration;
import io.lynx.health.CheckReport;
import io.lynx.health.Health;
import io.lynx.health.HealthCheck;
import io.lynx.health.HealthCheckOptions;
import io.lynx.health.HealthStatus;
import io.lynx.http.Routes;
import io.lynx.job.Job;
import io.lynx.job.Schedule;
import io.lynx.metrics.MetricSource;
import io.lynx.plugin.PluginContext;
import io.lynx.testkit.ManualTime;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a plugin registers, and the framework calls in the background. */
final class PluginDrivers {
    private PluginDrivers() {}

    static List<Driver> all() {
        return List.of(
                new CheckDriver(),
                new JobDriver(),
                new SourceDriver(),
                new FilterDriver(),
                new HandlerDriver(),
                new AttendedHandlerDriver(),
                new PublishingHandlerDriver(),
                new ObserverDriver("processed"),
                new ObserverDriver("deadLettered"),
                new ConsumerDriver());
    }

    private static final class CheckDriver extends Driver {
        CheckDriver() {
            super(HealthCheck.class, "check");
        }

        @Override
        void start(PluginContext context, HostileCode code) {
            HealthCheckOptions often = HealthCheckOptions.defaults()
                    .withInterval(Duration.ofMillis(200))
                    .withTimeout(Duration.ofMillis(200))
                    .withThresholds(1, 1)
                    .withCriticality(HealthCheckOptions.Criticality.INFO);
            var _ = context.healthCheck(name(), often, hostile(HealthCheck.class, code, Health::up));
        }

        @Override
        void provoke(Subject subject) throws Exception {
            HealthStatus expected =
                    subject.code().hostility() == Hostility.INTERRUPT ? HealthStatus.UP : HealthStatus.DOWN;
            subject.await(name() + " is " + expected, () -> report(subject).status() == expected);
            if (subject.code().hostility() == Hostility.HANG) {
                subject.await(
                        "its result names where it hangs",
                        () -> String.valueOf(report(subject).last()).contains(HostileCode.FRAME));
            } else {
                int calls = subject.code().calls(type(), method());
                subject.await(name() + " runs again", () -> subject.code().calls(type(), method()) > calls);
            }
            subject.await("the other check runs", () -> subject.application()
                    .health()
                    .snapshot()
                    .check("peer")
                    .filter(check -> check.status() == HealthStatus.UP)
                    .isPresent());
        }

        private CheckReport report(Subject subject) {
            return subject.application().health().snapshot().checks().stream()
                    .filter(check -> check.name().endsWith(name()))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static final class JobDriver extends Driver {
        JobDriver() {
            super(Job.class, "run");
        }

        @Override
        void start(PluginContext context, HostileCode code) {
            Schedule often = Schedule.every(Duration.ofMillis(250)).withTimeout(Duration.ofMillis(200));
            var _ = context.schedule(name(), often, hostile(Job.class, code, _ -> {}));
        }

        @Override
        void provoke(Subject subject) throws Exception {
            if (subject.code().hostility() == Hostility.HANG) {
                subject.assertNamed(name());
            } else {
                subject.await("the job runs again", () -> subject.code().calls(type(), method()) > 2);
                subject.assertNamed(name());
            }
        }
    }

    private static final class SourceDriver extends Driver {
        SourceDriver() {
            super(MetricSource.class, "collect");
        }

        @Override
        void start(PluginContext context, HostileCode code) {
            var _ = context.metricSource(name(), hostile(MetricSource.class, code, _ -> {}));
        }

        @Override
        void provoke(Subject subject) {
            var scrape = subject.application().metrics().snapshot();

            assertThat(scrape.series()).containsKey("lynx_app_uptime_seconds");
            assertThat(subject.code().calls(type(), method())).isPositive();
            if (subject.code().hostility().isThrown() || subject.code().hostility() == Hostility.HANG) {
                assertThat(subject.application()
                                .metrics()
                                .snapshot()
                                .series()
                                .get("lynx_metrics_collector_errors_total"))
                        .anyMatch(series -> series.labels().toString().contains(name()) && series.value() > 0);
                subject.assertNamed(name());
            }
        }
    }

    /** A topic of a driver, with a subscription that works beside the hostile one. */
    private abstract static class EventDriver extends Driver {
        private final Topic<String> topic = Topic.of("business", name(), String.class);
        private final AtomicInteger received = new AtomicInteger();

        EventDriver(Class<?> type, String method) {
            super(type, method);
        }

        final Topic<String> topic() {
            return topic;
        }

        final void subscribeGood(PluginContext context) {
            Subscription _ = context.events()
                    .subscribe(topic, _ -> received.incrementAndGet(), options -> options.name(name() + "-peer"));
        }

        @Override
        void provoke(Subject subject) throws Exception {
            int before = received.get();
            // A filter runs on the publisher's thread, and may hang it.
            for (int i = 0; i < 3; i++) {
                Thread.ofVirtual()
                        .name(name() + "-publisher")
                        .start(() -> subject.application().events().publish(topic, "event"));
            }
            subject.await("the hostile code is called", () -> subject.code().calls(type(), method()) > 0);
            subject.await("the other subscription receives the events", () -> received.get() >= before + 3);
            if (subject.code().hostility().isThrown()) {
                subject.assertNamed(name());
            }
        }
    }

    private static final class FilterDriver extends EventDriver {
        private volatile @Nullable EventBuses events;

        FilterDriver() {
            super(EventFilter.class, "accepts");
        }

        @Override
        void start(PluginContext context, HostileCode code) {
            subscribeGood(context);
            EventFilter filter = hostile(EventFilter.class, code, _ -> true);
            Subscription _ = context.events()
                    .subscribe(topic(), _ -> {}, options -> options.name(name()).where(filter));
            events = context.events();
        }

        @Override
        void routes(Routes routes, HostileCode code) {
            Routes _ = routes.get(path(), (_, response) -> {
                PublishResult _ = Objects.requireNonNull(events).publish(topic(), "event");
                response.send("ok");
            });
        }

        /** It hangs the publisher, and so what waits for the publisher names it. */
        @Override
        void provoke(Subject subject) throws Exception {
            super.provoke(subject);
            boolean hangs = subject.code().hostility() == Hostility.HANG;
            assertThat(subject.get(path()).statusCode()).isEqualTo(hangs ? 503 : 200);
            if (hangs) {
                subject.assertNamed(path());
            }
        }
    }

    private static final class HandlerDriver extends EventDriver {
        HandlerDriver() {
            super(EventHandler.class, "handle");
        }

        @Override
        @SuppressWarnings("unchecked")
        void start(PluginContext context, HostileCode code) {
            subscribeGood(context);
            EventHandler<String> handler = hostile(EventHandler.class, code, _ -> {});
            Subscription _ = context.events().subscribe(topic(), handler, options -> options.name(name()));
        }

        @Override
        void stopped(Subject subject) {
            if (subject.code().hostility() == Hostility.HANG) {
                assertCutOff(subject, "event handler '" + name() + "'");
            }
        }
    }

    /** Buses on manual time, since a handler may take half a minute before it is named. */
    private abstract static class AttendedDriver extends Driver {
        private final Topic<String> topic = Topic.of("business", name(), String.class);

        AttendedDriver(Class<?> type, String method) {
            super(type, method);
        }

        final Topic<String> topic() {
            return topic;
        }

        abstract void subscribe(Events events, HostileCode code);

        abstract void publish(Events events);

        @Override
        void provoke(Subject subject) throws Exception {
            ManualTime time = new ManualTime();
            Events events = Events.builder()
                    .ticker(time)
                    .wallClock(time)
                    .scheduler(time)
                    .build();
            AtomicInteger received = new AtomicInteger();
            Subscription _ = events.subscribe(topic, _ -> received.incrementAndGet(), as -> as.name("peer"));
            subscribe(events, subject.code());

            publish(events);
            subject.await("the hostile code is called", () -> subject.code().calls(type(), method()) > 0);
            boolean hangs = subject.code().hostility() == Hostility.HANG;
            for (int i = 0; i < 6; i++) {
                time.advance(Duration.ofSeconds(10));
            }

            if (hangs) {
                subject.assertNamed(name());
                assertThat(subject.logs().count("Event handler '" + name() + "' has not returned"))
                        .isEqualTo(1);
            }
            subject.await("the other subscription receives the event", () -> received.get() > 0);
            EventsCloseReport _ = events.close(Deadline.after(Duration.ZERO, time));
            assertThat(time.pending()).isZero();
        }
    }

    /** A handler that hangs while its bus is open. */
    private static final class AttendedHandlerDriver extends AttendedDriver {
        private interface AttendedHandler extends EventHandler<String> {}

        AttendedHandlerDriver() {
            super(AttendedHandler.class, "handle");
        }

        @Override
        void subscribe(Events events, HostileCode code) {
            AttendedHandler handler = hostile(AttendedHandler.class, code, _ -> {});
            Subscription _ = events.subscribe(topic(), handler, as -> as.name(name()));
        }

        @Override
        void publish(Events events) {
            var _ = events.publish(topic(), "event");
        }
    }

    /** A filter that hangs a publisher outside of a request: the handler that publishes is named, with the frame of the filter. */
    private static final class PublishingHandlerDriver extends AttendedDriver {
        private interface AttendedFilter extends EventFilter {}

        private final Topic<String> first = Topic.of("business", name() + "-first", String.class);

        PublishingHandlerDriver() {
            super(AttendedFilter.class, "accepts");
        }

        @Override
        void subscribe(Events events, HostileCode code) {
            AttendedFilter filter = hostile(AttendedFilter.class, code, _ -> true);
            Subscription _ =
                    events.subscribe(topic(), _ -> {}, as -> as.name("filtered").where(filter));
            Subscription _ = events.subscribe(
                    first,
                    event -> {
                        PublishResult _ = events.publish(topic(), event);
                    },
                    as -> as.name(name()));
        }

        @Override
        void publish(Events events) {
            var _ = events.publish(first, "event");
        }
    }

    /** Observers belong to buses that an application builds itself. */
    private static final class ObserverDriver extends Driver {
        ObserverDriver(String method) {
            super(EventObserver.class, method);
        }

        @Override
        void provoke(Subject subject) throws Exception {
            Topic<String> topic = Topic.of("observed", name(), String.class);
            AtomicInteger received = new AtomicInteger();
            Events events = Events.builder()
                    .observer(hostile(EventObserver.class, subject.code(), new EventObserver() {}))
                    .build();
            Subscription _ = events.subscribe(topic, _ -> received.incrementAndGet(), options -> options.name("peer"));
            Subscription _ = events.subscribe(
                    topic,
                    _ -> {
                        throw new IllegalStateException("becomes a dead letter");
                    },
                    options -> options.name(name()));
            for (int i = 0; i < 3; i++) {
                var _ = events.publish(topic, "event");
            }
            subject.await("the observer is called", () -> subject.code().calls(type(), method()) > 0);
            boolean hangs = subject.code().hostility() == Hostility.HANG;
            subject.await("the events are handled", () -> received.get() >= (hangs ? 1 : 3));
            EventsCloseReport report =
                    events.close(Deadline.after(Duration.ofMillis(hangs ? 200 : 5_000), Ticker.system()));
            if (hangs) {
                assertThat(report.undelivered())
                        .flatExtracting(Undelivered::inHand)
                        .anyMatch(unfinished -> unfinished.stack().toString().contains(HostileCode.FRAME));
            }
        }
    }

    /** A consumer of the framework's own events, of which each owner has a notifier. */
    private static final class ConsumerDriver extends Driver {
        private interface EventConsumer extends Consumer<String> {}

        ConsumerDriver() {
            super(EventConsumer.class, "accept");
        }

        @Override
        void provoke(Subject subject) throws Exception {
            ManualTime time = new ManualTime();
            Notifier<String> notifier = new Notifier<>(time);
            AtomicInteger received = new AtomicInteger();
            Registration _ = notifier.add("peer", _ -> received.incrementAndGet());
            Registration _ = notifier.add(name(), hostile(EventConsumer.class, subject.code(), _ -> {}));

            publish(notifier);
            subject.await("the hostile code is called", () -> subject.code().calls(type(), method()) == 1);
            time.advance(Duration.ofSeconds(11));
            publish(notifier);

            subject.await("the other consumer receives both events", () -> received.get() == 2);
            subject.assertNamed(name());
        }

        private static void publish(Notifier<String> notifier) {
            Thread.ofVirtual().start(() -> notifier.publish("event"));
        }
    }
}
