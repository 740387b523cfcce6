package io.lynx.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class SeriesLimitTest {
    /** A gauge's value. Micrometer refers to it weakly, so that something else has to keep it. */
    private static final Double LOAD = 0.5;

    @Test
    void foldsAddableMetersIntoOneSeries() throws Exception {
        try (MicrometerFixture fixture = MicrometerFixture.started(MicrometerFixture.withMaxSeries(2))) {
            for (int user = 0; user < 10; user++) {
                fixture.meters().counter("visits", "user", "u" + user).increment();
                fixture.meters().timer("stay", "user", "u" + user).record(Duration.ofSeconds(2));
            }

            assertThat(fixture.lines("visits_total"))
                    .containsExactlyInAnyOrder(
                            "visits_total{user=\"u0\"} 1.0",
                            "visits_total{user=\"u1\"} 1.0",
                            "visits_total{user=\"__overflow__\"} 8.0");
            assertThat(fixture.lines("stay_seconds_sum")).contains("stay_seconds_sum{user=\"__overflow__\"} 16.0");
            assertThat(fixture.lines("lynx_metrics_label_overflow_total"))
                    .contains(
                            "lynx_metrics_label_overflow_total{metric=\"visits_total\"} 8.0",
                            "lynx_metrics_label_overflow_total{metric=\"stay_seconds\"} 8.0");
        }
    }

    @Test
    void refusesGaugesBeyondTheLimit() throws Exception {
        try (MicrometerFixture fixture = MicrometerFixture.started(MicrometerFixture.withMaxSeries(2))) {
            for (int user = 0; user < 5; user++) {
                fixture.meters().gauge("depth", io.micrometer.core.instrument.Tags.of("user", "u" + user), user);
            }

            assertThat(fixture.lines("depth{")).hasSize(2).noneMatch(line -> line.contains(SeriesLimit.OVERFLOW));
            assertThat(fixture.lines("lynx_metrics_label_overflow_total{metric=\"depth\"}"))
                    .containsExactly("lynx_metrics_label_overflow_total{metric=\"depth\"} 3.0");
        }
    }

    @Test
    void foldsOtherTagNamesIntoTheSameSeries() throws Exception {
        try (MicrometerFixture fixture = MicrometerFixture.started(MicrometerFixture.withMaxSeries(1))) {
            for (int i = 0; i < 10; i++) {
                fixture.meters().counter("visits", "key" + i, "value").increment();
            }

            assertThat(fixture.lines("visits_total")).hasSize(2);
        }
    }

    @Test
    void givesThePlaceOfARemovedMeterToAnother() throws Exception {
        try (MicrometerFixture fixture = MicrometerFixture.started(MicrometerFixture.withMaxSeries(1))) {
            Counter first = fixture.meters().counter("visits", "user", "a");

            fixture.meters().remove(first);
            fixture.meters().counter("visits", "user", "b").increment();

            assertThat(fixture.lines("visits_total")).containsExactly("visits_total{user=\"b\"} 1.0");
        }
    }

    @Test
    void showsMetersWhoseTagsALaterFilterChanges() throws Exception {
        try (MicrometerFixture fixture = MicrometerFixture.started(MicrometerFixture.withMaxSeries(2))) {
            fixture.meters().config().commonTags("region", "north");

            for (int user = 0; user < 5; user++) {
                fixture.meters().gauge("depth", io.micrometer.core.instrument.Tags.of("user", "u" + user), user);
                fixture.meters().counter("visits", "user", "u" + user).increment();
            }
            fixture.meters().gauge("load", LOAD);

            assertThat(fixture.lines("load{")).containsExactly("load{region=\"north\"} 0.5");
            assertThat(fixture.lines("depth{"))
                    .containsExactlyInAnyOrder(
                            "depth{region=\"north\",user=\"u0\"} 0.0", "depth{region=\"north\",user=\"u1\"} 1.0");
            assertThat(fixture.lines("visits_total"))
                    .contains("visits_total{region=\"north\",user=\"__overflow__\"} 3.0")
                    .hasSize(3);
            assertThat(fixture.lines("lynx_metrics_label_overflow_total{metric=\"depth\"}"))
                    .containsExactly("lynx_metrics_label_overflow_total{metric=\"depth\"} 3.0");
        }
    }

    @Test
    void boundsMetersThatALaterFilterTags() throws Exception {
        try (MicrometerFixture fixture = MicrometerFixture.started(MicrometerFixture.withMaxSeries(2))) {
            AtomicInteger next = new AtomicInteger();
            fixture.meters().config().meterFilter(new MeterFilter() {
                @Override
                public Meter.Id map(Meter.Id id) {
                    return id.withTag(Tag.of("call", Integer.toString(next.incrementAndGet())));
                }
            });

            for (int user = 0; user < 10; user++) {
                fixture.meters().counter("visits", "user", "u" + user).increment();
            }

            assertThat(fixture.lines("visits_total")).hasSizeLessThanOrEqualTo(3);
        }
    }

    @Test
    void givesThePlaceOfARemovedMeterWithCommonTagsToAnother() throws Exception {
        try (MicrometerFixture fixture = MicrometerFixture.started(MicrometerFixture.withMaxSeries(1))) {
            fixture.meters().config().commonTags("region", "north");
            Counter first = fixture.meters().counter("visits", "user", "a");

            fixture.meters().remove(first);
            fixture.meters().counter("visits", "user", "b").increment();

            assertThat(fixture.lines("visits_total")).containsExactly("visits_total{region=\"north\",user=\"b\"} 1.0");
        }
    }

    @Test
    void holdsUnderConcurrentRegistration() throws Exception {
        int threads = 8;
        int users = 500;
        try (MicrometerFixture fixture = MicrometerFixture.started(MicrometerFixture.withMaxSeries(50))) {
            MeterRegistry meters = fixture.meters();
            CountDownLatch go = new CountDownLatch(1);
            Thread[] all = new Thread[threads];
            for (int t = 0; t < threads; t++) {
                all[t] = Thread.ofVirtual().start(() -> {
                    try {
                        go.await();
                    } catch (InterruptedException ended) {
                        return;
                    }
                    for (int user = 0; user < users; user++) {
                        meters.counter("visits", "user", "u" + user).increment();
                    }
                });
            }

            go.countDown();
            for (Thread thread : all) {
                thread.join();
            }

            assertThat(fixture.lines("visits_total")).hasSize(51);
            assertThat(fixture.lines("visits_total").stream()
                            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                            .sum())
                    .isEqualTo(threads * users);
        }
    }
}
