package io.lynx.systemtest.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.load.Outcome.Answered;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The account must be right before it can say that nothing was lost. */
final class Http2ExchangeTest {
    @ParameterizedTest
    @EnumSource(names = {"ANSWERS", "LEAVES", "LEAVES_WITHOUT_IT", "REFUSES"})
    void losesNothingWithAWellBehavedServer(Http2Double.Manner manner) throws Exception {
        try (var server = new Http2Double(manner)) {
            LoadReport report = load(Route.reconnecting(server.address()));

            assertThat(report.lost()).as(report.toString()).isZero();
            assertThat(report.notSent()).isZero();
            assertThat(report.ok()).isEqualTo(report.scheduled()).isGreaterThanOrEqualTo(100);
        }
    }

    @Test
    void countsEveryStreamThatFailed() throws Exception {
        try (var server = new Http2Double(Http2Double.Manner.FAILS)) {
            LoadReport report = load(Route.reconnecting(server.address()));

            assertThat(report.lost()).isEqualTo(server.fifths()).isGreaterThanOrEqualTo(20);
            assertThat(report.ok() + report.lost()).isEqualTo(report.scheduled());
        }
    }

    @Test
    void countsTheStreamsOfAConnectionThatClosesWithoutGoAway() throws Exception {
        try (var server = new Http2Double(Http2Double.Manner.DROPS)) {
            LoadReport report = load(Route.reconnecting(server.address()));

            assertThat(report.lost()).isGreaterThanOrEqualTo(server.fifths());
            assertThat(report.ok() + report.lost()).isEqualTo(report.scheduled());
            assertThat(report.firstLost()).isNotNull();
        }
    }

    @Test
    void readsAHuffmanEncodedStatus() throws Exception {
        try (var server = new Http2Double(Http2Double.Manner.UNAVAILABLE)) {
            LoadReport report = load(Route.reconnecting(server.address()));

            assertThat(report.statuses()).isEqualTo(Map.of(200, report.ok(), 503, (long) server.fifths()));
        }
    }

    @Test
    void changesTheTargetWhenToldToGoAway() throws Exception {
        try (var leaving = new Http2Double(Http2Double.Manner.LEAVES);
                var staying = new Http2Double(Http2Double.Manner.ANSWERS)) {
            Route route = Route.leaving(leaving.address(), staying.address());

            LoadReport report = load(route);

            assertThat(route.targets()).containsExactly(staying.address());
            assertThat(report.ok()).isEqualTo(report.scheduled());
        }
    }

    @Test
    void staysWithAServerThatHasThePortOfAnEarlierOne() throws Exception {
        try (var server = new Http2Double(Http2Double.Manner.LEAVES)) {
            Route route = Route.leaving(server.address());
            try (var exchange = new Http2Exchange(route, "/hello", 1)) {
                for (int i = 1; i <= 5; i++) {
                    assertThat(exchange.send()).isEqualTo(new Answered(200));
                }
                assertThat(route.leave(server.address(), System.nanoTime(), "not ready"))
                        .isTrue();

                route.add(server.address());

                assertThat(exchange.send()).isEqualTo(new Answered(200));
                assertThat(route.departures()).containsExactly(server.address() + ": not ready");
            }
        }
    }

    private static LoadReport load(Route route) throws InterruptedException {
        try (OpenLoop load = OpenLoop.start(new Http2Exchange(route, "/hello", 2), 500)) {
            load.awaitMore(100, Duration.ofSeconds(20));
            return load.stop();
        }
    }
}
