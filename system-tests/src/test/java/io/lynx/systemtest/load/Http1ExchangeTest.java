package io.lynx.systemtest.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.load.Outcome.Answered;
import io.lynx.systemtest.load.Outcome.NotSent;
import io.lynx.testkit.Await;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The account must be right before it can say that nothing was lost. */
final class Http1ExchangeTest {
    @ParameterizedTest
    @EnumSource(names = {"ANSWERS", "SAYS_CLOSE"})
    void losesNothingWithAWellBehavedServer(Http1Double.Manner manner) throws Exception {
        try (var server = new Http1Double(manner)) {
            LoadReport report = load(Route.reconnecting(server.address()), 100);

            assertThat(report.lost()).as(report.toString()).isZero();
            assertThat(report.notSent()).isZero();
            assertThat(report.ok()).isEqualTo(report.scheduled()).isGreaterThanOrEqualTo(100);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DROPS", "RESETS", "CUTS"})
    void countsEveryRequestThatWasReadAndNotAnswered(Http1Double.Manner manner) throws Exception {
        try (var server = new Http1Double(manner)) {
            LoadReport report = load(Route.reconnecting(server.address()), 100);

            assertThat(report.lost()).isEqualTo(server.fifths()).isGreaterThanOrEqualTo(20);
            assertThat(report.ok() + report.lost()).isEqualTo(report.scheduled());
            assertThat(report.firstLost()).isNotNull();
        }
    }

    @Test
    void keepsOtherStatusesApart() throws Exception {
        try (var server = new Http1Double(Http1Double.Manner.REFUSES)) {
            LoadReport report = load(Route.reconnecting(server.address()), 50);

            assertThat(report.statuses()).isEqualTo(Map.of(200, report.ok(), 503, (long) server.fifths()));
        }
    }

    @Test
    void takesANewConnectionForOneThatWasClosedWhileIdle() throws Exception {
        try (var server = new Http1Double(Http1Double.Manner.CLOSES_AFTER);
                var exchange = new Http1Exchange(Route.reconnecting(server.address()), "/", 1)) {
            for (int i = 1; i <= 5; i++) {
                assertThat(exchange.send()).isEqualTo(new Answered(200));
            }
            // The fifth answer is followed by the end of the connection, which must have come for this to be a fair
            // test.
            awaitStale(exchange);

            assertThat(exchange.send()).isEqualTo(new Answered(200));
            assertThat(exchange.safeRetries()).isEqualTo(1);
        }
    }

    @Test
    void countsARefusedConnectionAsNotSent() throws Exception {
        try (var bound = new Socket()) {
            // Taken, so that nobody else listens there meanwhile, and not listened on.
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            var address = (InetSocketAddress) bound.getLocalSocketAddress();
            var exchange = new Http1Exchange(Route.reconnecting(address), "/", 1);

            assertThat(exchange.send()).isInstanceOf(NotSent.class);
        }
    }

    @Test
    void changesTheTargetWhenToldToCloseAndWhenRefused() throws Exception {
        try (var leaving = new Http1Double(Http1Double.Manner.SAYS_CLOSE);
                var gone = new Http1Double(Http1Double.Manner.ANSWERS);
                var staying = new Http1Double(Http1Double.Manner.ANSWERS)) {
            gone.close();
            Route route = Route.leaving(leaving.address(), gone.address(), staying.address());

            LoadReport report = load(route, 100);

            assertThat(route.targets()).containsExactly(staying.address());
            assertThat(report.ok()).isEqualTo(report.scheduled());
            assertThat(report.safeRetries()).isPositive();
        }
    }

    private static LoadReport load(Route route, int requests) throws InterruptedException {
        try (OpenLoop load = OpenLoop.start(new Http1Exchange(route, "/hello", 8), 500)) {
            load.awaitMore(requests, Duration.ofSeconds(20));
            return load.stop();
        }
    }

    private static void awaitStale(Http1Exchange exchange) {
        Await.until("the idle connection is stale", exchange::firstIdleIsStale);
    }
}
