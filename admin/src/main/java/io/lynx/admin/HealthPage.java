package io.lynx.admin;

import io.lynx.health.CheckReport;
import io.lynx.health.HealthSnapshot;
import io.lynx.health.HealthStatus;
import java.util.List;

/** A rendered health page. Immutable if callers do not change the bytes, which are not copied. */
final class HealthPage {
    private final int code;
    private final byte[] body;

    private HealthPage(int code, byte[] body) {
        this.code = code;
        this.body = body;
    }

    /** Returns the status code: 200 for UP and DEGRADED, otherwise 503. */
    int code() {
        return code;
    }

    /** Returns the page as JSON. */
    byte[] body() {
        return body;
    }

    /**
     * Renders a page.
     *
     * @param status the status of the requested subject
     * @param phase the phase of the application
     * @param checks the checks of the subject; disabled ones are left out
     * @param isDetailed whether the caller may see more than statuses
     */
    static HealthPage of(
            HealthStatus status,
            HealthSnapshot.Phase phase,
            List<CheckReport> checks,
            HealthFormat format,
            boolean isDetailed) {
        List<CheckReport> shown = checks.stream().filter(CheckReport::enabled).toList();
        JsonWriter json = new JsonWriter();
        switch (format) {
            case MICROPROFILE -> writeMicroProfile(json, status, phase, shown, isDetailed);
            case HEALTH_JSON -> writeHealthJson(json, status, shown, isDetailed);
        }
        return new HealthPage(isUp(status) ? 200 : 503, json.bytes());
    }

    private static boolean isUp(HealthStatus status) {
        return switch (status) {
            case UP, DEGRADED -> true;
            case DOWN, OUT_OF_SERVICE, UNKNOWN -> false;
        };
    }

    /** Returns whether the check counts as up. One that has no result yet does, unless its first result is awaited. */
    private static boolean isUp(CheckReport check) {
        boolean isHarmlesslyPending = check.isPending() && !check.stale() && !check.isAwaited();
        return isHarmlesslyPending || isUp(check.status());
    }

    private static void writeMicroProfile(
            JsonWriter json,
            HealthStatus status,
            HealthSnapshot.Phase phase,
            List<CheckReport> checks,
            boolean isDetailed) {
        json.object()
                .member("status", isUp(status) ? "UP" : "DOWN")
                .member("state", status)
                .member("phase", phase)
                .array("checks");
        for (CheckReport check : checks) {
            json.object()
                    .member("name", check.name())
                    .member("status", isUp(check) ? "UP" : "DOWN")
                    .member("state", check.status());
            if (isDetailed) {
                writeData(json, check);
            }
            json.endObject();
        }
        json.endArray().endObject();
    }

    private static void writeData(JsonWriter json, CheckReport check) {
        json.object("data").member("plugin", check.plugin()).member("criticality", check.criticality());
        if (check.error() != null) {
            json.member("error", check.error());
        }
        if (check.checkedAt() != null) {
            json.member("checkedAt", check.checkedAt())
                    .member("durationMs", check.duration().toMillis());
        }
        json.member("consecutiveFailures", check.consecutiveFailures())
                .member("consecutiveSuccesses", check.consecutiveSuccesses());
        if (check.hanging()) {
            json.member("hanging", true);
        }
        if (!check.data().isEmpty()) {
            json.member("details", check.data());
        }
        json.endObject();
    }

    private static void writeHealthJson(
            JsonWriter json, HealthStatus status, List<CheckReport> checks, boolean isDetailed) {
        json.object().member("status", draftStatus(status)).object("checks");
        for (CheckReport check : checks) {
            json.array(check.name()).object();
            if (isDetailed) {
                json.member("componentId", check.plugin());
            }
            json.member("status", isUp(check) && !isUp(check.status()) ? "pass" : draftStatus(check.status()));
            if (isDetailed && check.checkedAt() != null) {
                json.member("observedValue", check.duration().toMillis())
                        .member("observedUnit", "ms")
                        .member("time", check.checkedAt());
            }
            if (isDetailed && check.error() != null) {
                json.member("output", check.error());
            }
            json.endObject().endArray();
        }
        json.endObject().endObject();
    }

    private static String draftStatus(HealthStatus status) {
        return switch (status) {
            case UP -> "pass";
            case DEGRADED -> "warn";
            case DOWN, OUT_OF_SERVICE, UNKNOWN -> "fail";
        };
    }
}
