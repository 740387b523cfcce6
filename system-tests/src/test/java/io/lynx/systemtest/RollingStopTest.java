package io.lynx.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.load.Exchange;
import io.lynx.systemtest.load.Http1Exchange;
import io.lynx.systemtest.load.Http2Exchange;
import io.lynx.systemtest.load.LoadReport;
import io.lynx.systemtest.load.OpenLoop;
import io.lynx.systemtest.load.Route;
import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.systemtest.process.Signal;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * TERM under open-loop load loses no request. The requests take a while, so that some are always in flight, and come on
 * connections that are kept alive.
 */
final class RollingStopTest {
    private static final int PER_SECOND = 250;
    private static final int STOPS = SystemTests.count(3, 100);
    private static final String PATH = "/work/20";

    /** What the clients speak. */
    enum Protocol {
        HTTP1,
        HTTP2;

        Exchange exchange(Route route) {
            return switch (this) {
                case HTTP1 -> new Http1Exchange(route, PATH, 32);
                case HTTP2 -> new Http2Exchange(route, PATH, 4);
            };
        }
    }

    /** The client opens new connections to the same port until nobody listens there. */
    @ParameterizedTest
    @EnumSource
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void losesNoRequestOfClientsThatReconnect(Protocol protocol) throws Exception {
        long answered = 0;
        List<String> failures = new ArrayList<>();
        for (int stop = 1; stop <= STOPS; stop++) {
            try (ServiceProcess service = Services.http().start()) {
                InetSocketAddress address = Services.awaitHttp(service);

                LoadReport report;
                long stopped;
                ServiceProcess.Exit exit;
                try (OpenLoop load = OpenLoop.start(protocol.exchange(Route.reconnecting(address)), PER_SECOND)) {
                    load.awaitMore(PER_SECOND / 2, Duration.ofSeconds(30));
                    stopped = service.signal(Signal.TERM);
                    exit = service.awaitExit();
                    load.awaitMore(PER_SECOND / 10, Duration.ofSeconds(30));
                    report = load.stop();
                }

                answered += report.answered();
                if (report.lost() > 0) {
                    failures.add("stop " + stop + ": " + report + "\n"
                            + service.output().text());
                }
                assertThat(report.statuses()).as("stop %d", stop).containsOnlyKeys(200);
                assertThat(report.lastAnswered()).as("answers after the signal").isGreaterThan(stopped);
                assertThat(report.notSent()).as("requests after the end").isPositive();
                assertThat(exit.code()).isEqualTo(143);
            }
        }
        Figures.report(protocol + ", clients that reconnect", STOPS, answered, failures.size());
        assertThat(failures).as("stops that lost requests").isEmpty();
    }

    /** The client, like a load balancer, has two servers, one of which is always well, and leaves the one that says so. */
    @ParameterizedTest
    @EnumSource
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void losesNoRequestWhileServersAreReplaced(Protocol protocol) throws Exception {
        ServiceProcess old = Services.http().start();
        try {
            Route route = Route.leaving(Services.awaitHttp(old));
            try (OpenLoop load = OpenLoop.start(protocol.exchange(route), PER_SECOND);
                    ReadinessWatch _ = ReadinessWatch.start(route)) {
                for (int stop = 1; stop <= STOPS; stop++) {
                    ServiceProcess fresh = Services.http().start();
                    try {
                        route.add(Services.awaitHttp(fresh));
                        load.awaitMore(PER_SECOND / 4, Duration.ofSeconds(30));

                        long _ = old.signal(Signal.TERM);
                        assertThat(old.awaitExit().code()).isEqualTo(143);
                    } finally {
                        old.close();
                        old = fresh;
                    }
                }
                LoadReport report = load.stop();

                Figures.report(protocol + ", clients that leave", STOPS, report.answered(), report.lost());
                String account = report + "; left " + route.departures();
                assertThat(report.lost()).as(account).isZero();
                assertThat(report.ok()).as(account).isEqualTo(report.scheduled());
            }
        } finally {
            old.close();
        }
    }
}
