package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.lynx.context.TraceContext;
import io.lynx.http.engine.head.Path;
import io.lynx.http.engine.interceptor.InterceptorChain;
import io.lynx.http.engine.problem.Rejection;
import io.lynx.http.engine.problem.RequestTimeLimit;
import io.lynx.http.engine.routing.Route;
import io.lynx.http.engine.routing.RouteTable;
import io.lynx.http.engine.routing.Template;
import io.lynx.http.engine.telemetry.RequestMetrics;
import io.lynx.metrics.ProductionMetrics;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RequestMetricsTest {
    private static final long SECOND = 1_000_000_000;

    private final ProductionMetrics metrics = ProductionMetrics.builder().build();
    private final RequestMetrics recorder = new RequestMetrics(metrics, "http", SECOND);

    private static Route route(String method, String template) {
        return new Route(
                method,
                Template.of(template),
                RouteOptions.defaults(),
                (_, _) -> {},
                InterceptorChain.BUILT_IN,
                "",
                null);
    }

    @Test
    void countsUnderTheTemplateOfTheRoute() {
        Route route = route("GET", "/orders/{id}");

        recorder.ended(route, "GET", 200, 5, 10, 0, 7, null);
        recorder.ended(route, "HEAD", 200, 5, 10, 0, 0, null);
        recorder.ended(null, "GET", 404, 5, 10, 0, 9, null);
        recorder.ended(null, "BREW\n", 405, 5, 10, 0, 9, null);

        assertThat(Measured.requests(metrics))
                .containsOnlyKeys(
                        "GET /orders/{id} 200", "HEAD /orders/{id} 200", "GET unmatched 404", "OTHER unmatched 405")
                .values()
                .containsOnly(1L);
        assertThat(Measured.sum(metrics, "lynx_request_duration_seconds", "/orders/{id}"))
                .isEqualTo(20e-9);
        assertThat(Measured.sum(metrics, "lynx_response_size_bytes", "unmatched"))
                .isEqualTo(18);
    }

    @Test
    void showsSampledTracesAsExamplesIfTheyAreWanted() {
        ProductionMetrics traced = Measured.withExemplars();
        RequestMetrics takes = new RequestMetrics(traced, "http", SECOND);
        Route route = route("GET", "/");

        takes.ended(route, "GET", 200, 5, 6_000_000, 0, 0, trace("a", "b", true));
        takes.ended(route, "GET", 200, 5, 60_000_000, 0, 0, trace("c", "d", false));
        takes.ended(route, "GET", 200, 5, 600_000_000, 0, 0, null);

        assertThat(takes.wantsTraces()).isTrue();
        assertThat(recorder.wantsTraces()).isFalse();
        assertThat(Measured.examples(traced))
                .containsExactly("span_id=\"" + "b".repeat(16) + "\",trace_id=\"" + "a".repeat(32) + "\"");
        assertThat(Measured.count(traced, "lynx_request_duration_seconds")).isEqualTo(3);
    }

    private static TraceContext trace(String trace, String span, boolean isSampled) {
        return new TraceContext(trace.repeat(32), span.repeat(16), isSampled, "");
    }

    @Test
    void countsDeadlinesByTheTemplateOfTheRoute() {
        Route route = route("GET", "/orders/{id}");

        recorder.deadlineExceeded(route);
        recorder.deadlineExceeded(null);
        recorder.deadlineUnused(route, 250_000);
        recorder.deadlineUnused(null, 1_000_000);
        recorder.ignored("baggage");

        assertThat(Measured.counts(metrics, "lynx_deadline_exceeded_total", "path"))
                .containsOnly(entry("/orders/{id}", 1L), entry("unmatched", 1L));
        assertThat(Measured.sum(metrics, "lynx_deadline_unused_ratio", "/orders/{id}"))
                .isEqualTo(.25);
        assertThat(Measured.counts(metrics, "lynx_context_headers_ignored_total", "header"))
                .containsOnly(entry("baggage", 1L));
    }

    @Test
    void allocatesNothingWithoutTraces() {
        Route route = route("GET", "/");
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < 10_000; i++) {
            recorder.ended(route, "GET", 200, 5, 6_000_000, 0, 0, null);
        }
        long before = threads.getCurrentThreadAllocatedBytes();

        for (int i = 0; i < 10_000; i++) {
            recorder.ended(route, "GET", 200, 5, 6_000_000, 0, 0, null);
        }

        // A few stripes of a counter may still be made.
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
    }

    @Test
    void countsAsSlowWhatBeginsLate() {
        Route route = route("GET", "/");

        recorder.ended(route, "GET", 200, SECOND, 90 * SECOND, 0, 0, null);
        assertThat(Measured.count(metrics, "lynx_slow_operations_total")).isZero();

        recorder.ended(route, "GET", 200, SECOND + 1, SECOND + 1, 0, 0, null);
        assertThat(Measured.counts(metrics, "lynx_slow_operations_total", "component"))
                .containsEntry("http", 1L);
    }

    @Test
    void countsNothingAsSlowWithoutAThreshold() {
        RequestMetrics tolerant = new RequestMetrics(metrics, "http", 0);

        tolerant.ended(null, "GET", 200, 90 * SECOND, 90 * SECOND, 0, 0, null);

        assertThat(Measured.count(metrics, "lynx_slow_operations_total")).isZero();
    }

    @Test
    void showsEveryReasonFromTheBegin() {
        assertThat(Measured.series(metrics, "lynx_requests_rejected_total"))
                .hasSize(Rejection.values().length)
                .allSatisfy(series -> assertThat(series.value()).isZero());
        assertThat(Measured.series(metrics, "lynx_timeout_operations_total"))
                .hasSize(RequestTimeLimit.values().length)
                .allSatisfy(series -> assertThat(series.value()).isZero());
    }

    @Test
    void staysBoundedUnderAMillionHostilePaths() {
        RouteTable table = new RouteTable(InterceptorChain.BUILT_IN);
        table.add(route("GET", "/orders/{id}"));
        table.add(route("GET", "/files/{path...}"));
        Random random = new Random(7);
        hostile(table, random, 20_000);
        long before = usedHeap();

        hostile(table, random, 1_000_000);

        long grown = usedHeap() - before;
        assertThat(grown).isLessThan(5_000_000);
        assertThat(Measured.count(metrics, "lynx_requests_total")).isEqualTo(1_020_000);
        assertThat(Measured.series(metrics, "lynx_requests_total")).hasSizeLessThanOrEqualTo(3 * 10);
        assertThat(Measured.counts(metrics, "lynx_requests_total", "path").keySet())
                .containsExactlyInAnyOrder("/orders/{id}", "/files/{path...}", "unmatched");
        assertThat(Measured.count(metrics, "lynx_metrics_label_overflow_total")).isZero();
    }

    /** What an exchange does with the path of each request: looks for its route and measures it. */
    private void hostile(RouteTable table, Random random, int requests) {
        List<String> begins = List.of("/orders/", "/files/", "/", "//", "/orders/x/");
        for (int i = 0; i < requests; i++) {
            String path = begins.get(i % 5) + Long.toString(random.nextLong() & Long.MAX_VALUE, 36);
            String method = i % 2 == 0 ? "GET" : Long.toString(random.nextLong() & Long.MAX_VALUE, 36);
            RouteTable.Match match = table.find(Path.of(path));
            Route route = match == null ? null : match.route(method);
            recorder.ended(route, method, route == null ? 404 : 200, i, i, 0, 100, null);
        }
    }

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
