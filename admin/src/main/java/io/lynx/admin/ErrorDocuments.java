package io.lynx.admin;

import io.lynx.recovery.ErrorStats;
import io.lynx.recovery.ErrorStats.ComponentState;
import io.lynx.recovery.ErrorStats.HealthReport;

/** Renders errors and recoveries as JSON documents. */
final class ErrorDocuments {
    private ErrorDocuments() {}

    static byte[] errorStats(ErrorStats stats) {
        return new JsonWriter().value(stats.toMap()).bytes();
    }

    static byte[] healthReport(HealthReport report) {
        return new JsonWriter().value(report.toMap()).bytes();
    }

    static byte[] component(String name, ComponentState state) {
        return new JsonWriter()
                .object()
                .member("name", name)
                .member("status", state.status())
                .member("restarts", state.restarts())
                .endObject()
                .bytes();
    }
}
