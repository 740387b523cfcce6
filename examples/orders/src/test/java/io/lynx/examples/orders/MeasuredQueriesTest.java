package io.lynx.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.context.RequestContext;
import io.lynx.context.Tracing;
import io.lynx.extension.Registration;
import io.lynx.metrics.MetricsSnapshot.Series;
import io.lynx.metrics.ProductionMetrics;
import io.lynx.testkit.ManualTime;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeasuredQueriesTest {
    private final ManualTime time = new ManualTime();
    private final ProductionMetrics metrics = ProductionMetrics.builder().build();
    private final Tracing tracing = new Tracing(time, InstantSource.system());
    private final MeasuredQueries queries = new MeasuredQueries("orders", metrics, tracing, time);

    private Series series(String metric, String... labels) {
        Map<String, String> wanted = Map.of("database", "orders", "type", labels[0], labels[1], labels[2]);
        return metrics.snapshot().find(metric, wanted).orElseThrow();
    }

    @Test
    void countsAndTimesQueries() throws SQLException {
        String found = queries.read("find", () -> {
            time.advance(Duration.ofMillis(20));
            return "lamp";
        });
        queries.write("place", () -> 1);

        assertThat(found).isEqualTo("lamp");
        assertThat(series("lynx_db_queries_total", "read", "operation", "find").value())
                .isEqualTo(1);
        assertThat(series("lynx_db_query_duration_seconds", "read", "operation", "find")
                        .sum())
                .isEqualTo(0.02);
        assertThat(series("lynx_db_queries_total", "write", "operation", "place")
                        .value())
                .isEqualTo(1);
        assertThat(metrics.snapshot().series()).doesNotContainKey("lynx_db_errors_total");
    }

    @Test
    void makesEachQueryOfATraceASpan() throws Exception {
        List<String> spans = new ArrayList<>();
        Registration _ = tracing.install(new SpanLines(spans));
        RequestContext request = RequestContext.current().withTrace(SpanLines.CONTEXT);

        String _ = queries.read("unconfirmed", () -> "of no request");
        String _ = request.call(() -> queries.read("find", () -> "lamp"));
        assertThatThrownBy(() -> request.call(() -> queries.write("place", () -> {
                    throw new SQLTimeoutException("slow");
                })))
                .isInstanceOf(SQLTimeoutException.class);
        assertThatThrownBy(() -> request.call(() -> queries.write("place", () -> {
                    throw new IllegalStateException("defect");
                })))
                .isInstanceOf(IllegalStateException.class);

        assertThat(spans)
                .containsExactly(
                        "CLIENT query find {db.namespace=orders, db.operation.name=find} ",
                        "CLIENT query place {db.namespace=orders, db.operation.name=place} java.sql.SQLTimeoutException",
                        "CLIENT query place {db.namespace=orders, db.operation.name=place}"
                                + " java.lang.IllegalStateException");
    }

    @Test
    void countsErrorsByTheirKindAndPassesThemOn() {
        List<SQLException> failures = List.of(
                new SQLTransientConnectionException("away"),
                new SQLException("away", "08006"),
                new SQLTimeoutException("slow"),
                new SQLIntegrityConstraintViolationException("twice"),
                new SQLSyntaxErrorException("wrong"));
        for (SQLException failure : failures) {
            assertThatThrownBy(() -> queries.write("place", () -> {
                        throw failure;
                    }))
                    .isSameAs(failure);
        }

        assertThat(series("lynx_db_errors_total", "write", "error_type", "unavailable")
                        .value())
                .isEqualTo(2);
        for (String type : List.of("timeout", "constraint", "other")) {
            assertThat(series("lynx_db_errors_total", "write", "error_type", type)
                            .value())
                    .isEqualTo(1);
        }
        assertThat(series("lynx_db_queries_total", "write", "operation", "place")
                        .value())
                .isEqualTo(5);
    }
}
