package io.lynx.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.lynx.metrics.MetricRegistry;
import io.lynx.metrics.ProductionMetrics;
import io.lynx.testkit.ManualTime;
import io.lynx.time.Deadline;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class OtlpPushTest {
    private static final Delivery DOWN = new Delivery(Delivery.Outcome.UNREACHABLE, "connection refused");
    private static final Duration INTERVAL = Duration.ofSeconds(60);
    private static final OtlpConfig CONFIG = new OtlpConfig(
            true,
            URI.create("http://collector:4318"),
            INTERVAL,
            Duration.ofSeconds(10),
            Map.of(),
            OtlpConfig.Protocol.HTTP_PROTOBUF,
            OtlpConfig.Compression.GZIP,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    private final ManualTime time = new ManualTime();
    private final MetricRegistry registry = ProductionMetrics.builder().build().registry();
    private final FakeDestination destination = new FakeDestination();
    private final OtlpPush push = new OtlpPush(CONFIG, List::of, destination, time, time, registry);
    private final Logger logger = (Logger) LoggerFactory.getLogger(OtlpPush.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    /** Takes so long over each push, and ends it so. */
    private final class FakeDestination implements Destination<MetricData> {
        private Delivery answer = Delivery.DONE;
        private Duration takes = Duration.ZERO;
        private final List<Duration> allowed = new ArrayList<>();
        private int aborted;

        @Override
        public Delivery deliver(Collection<MetricData> metrics, Deadline deadline) {
            allowed.add(deadline.remaining());
            if (!takes.isZero()) {
                time.advance(takes);
            }
            return answer;
        }

        @Override
        public void abort() {
            aborted++;
        }
    }

    @BeforeEach
    void listen() {
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void stopListening() {
        boolean _ = logger.detachAppender(logged);
    }

    @Test
    void pushesAtEachInterval() {
        push.start();
        assertThat(destination.allowed).isEmpty();

        time.advance(INTERVAL.multipliedBy(3));

        assertThat(destination.allowed).containsExactly(CONFIG.timeout(), CONFIG.timeout(), CONFIG.timeout());
        assertThat(pushes(Delivery.Outcome.SUCCESS)).isEqualTo(3);
    }

    @Test
    void keepsTheIntervalWhenPushesAreSlow() {
        destination.takes = Duration.ofSeconds(9);
        push.start();

        time.advance(INTERVAL.multipliedBy(10));

        assertThat(destination.allowed).hasSizeBetween(9, 10);
    }

    @Test
    void logsAnOutageWhenItBeginsAndWhenItEnds() {
        push.start();
        destination.answer = DOWN;
        time.advance(INTERVAL.multipliedBy(5));
        destination.answer = Delivery.DONE;
        time.advance(INTERVAL.multipliedBy(2));
        destination.answer = DOWN;
        time.advance(INTERVAL.multipliedBy(2));

        assertThat(logged.list.stream().map(ILoggingEvent::getLevel))
                .containsExactly(Level.WARN, Level.INFO, Level.WARN);
        assertThat(logged.list.get(0).getFormattedMessage())
                .isEqualTo("Metrics cannot be pushed to http://collector:4318/v1/metrics:"
                        + " unreachable, connection refused; retrying every PT1M, logged once for each outage");
        assertThat(logged.list.get(1).getFormattedMessage())
                .isEqualTo("Metrics are pushed to http://collector:4318/v1/metrics again after 5 failures");
        assertThat(pushes(Delivery.Outcome.UNREACHABLE)).isEqualTo(7);
        assertThat(pushes(Delivery.Outcome.SUCCESS)).isEqualTo(2);
    }

    @Test
    void pushesAgainAtTheEndAndNeverAfterwards() throws Exception {
        push.start();
        time.advance(INTERVAL);

        push.finish(Deadline.after(Duration.ofSeconds(5), time));
        time.advance(INTERVAL.multipliedBy(3));

        assertThat(destination.allowed).containsExactly(CONFIG.timeout(), Duration.ofMillis(4800));
        assertThat(destination.aborted).isEqualTo(1);
        assertThat(time.pending()).isZero();
    }

    @Test
    void survivesASourceThatThrows() {
        OtlpPush broken = new OtlpPush(
                CONFIG,
                () -> {
                    throw new IllegalStateException("no metrics");
                },
                destination,
                time,
                time,
                registry);
        broken.start();

        time.advance(INTERVAL.multipliedBy(2));

        assertThat(pushes(Delivery.Outcome.FAILED)).isEqualTo(2);
    }

    @Test
    void countsACallbackThatHangs() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        OtlpConfig hasty = new OtlpConfig(
                true,
                URI.create("http://collector:4318"),
                INTERVAL,
                Duration.ofMillis(50),
                Map.of(),
                OtlpConfig.Protocol.HTTP_PROTOBUF,
                OtlpConfig.Compression.GZIP,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        OtlpPush hanging = new OtlpPush(
                hasty,
                () -> {
                    try {
                        end.await();
                    } catch (InterruptedException interrupted) {
                        Thread.currentThread().interrupt();
                    }
                    return List.of();
                },
                destination,
                time,
                time,
                registry);
        hanging.start();
        try {
            time.advance(INTERVAL.multipliedBy(3));

            assertThat(pushes(Delivery.Outcome.TIMEOUT)).isEqualTo(3);
            assertThat(destination.allowed).isEmpty();
            assertThat(logged.list.getFirst().getFormattedMessage()).contains("the metrics were not collected in time");
        } finally {
            end.countDown();
        }
    }

    @Test
    void waitsForTheTimeThatTheCollectorRequests() {
        push.start();
        destination.answer = new Delivery(Delivery.Outcome.REFUSED, "status 429", Duration.ofMinutes(5), true, 0);
        time.advance(INTERVAL);
        assertThat(destination.allowed).hasSize(1);

        destination.answer = Delivery.DONE;
        time.advance(Duration.ofMinutes(5).minusSeconds(1));
        assertThat(destination.allowed).hasSize(1);
        time.advance(Duration.ofSeconds(1));

        assertThat(destination.allowed).hasSize(2);
    }

    @Test
    void countsEveryOutcomeFromTheStart() {
        assertThat(registry.scrape().stream()
                        .filter(metric ->
                                metric.getMetadata().getPrometheusName().startsWith("lynx_otlp_pushes"))
                        .flatMap(metric -> metric.getDataPoints().stream())
                        .map(point -> point.getLabels().get("outcome")))
                .containsExactlyInAnyOrder("success", "partial", "refused", "timeout", "unreachable", "failed");
    }

    private double pushes(Delivery.Outcome outcome) {
        return registry.counter(OpenTelemetryPlugin.PUSHES, outcome.label()).count();
    }
}
