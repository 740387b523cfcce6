package io.lynx.admin;

import io.lynx.health.CheckReport;
import io.lynx.health.HealthCheckOptions.Group;
import io.lynx.health.HealthSnapshot;
import io.lynx.health.HealthStatus;
import java.util.List;

/** The questions that a health page answers. */
enum Probe {
    /** The health of the whole application. */
    ALL,
    /** Whether the process should keep running. */
    LIVE,
    /** Whether this instance should receive requests. */
    READY,
    /** Whether the application has started. */
    STARTED;

    HealthStatus status(HealthSnapshot snapshot) {
        return switch (this) {
            case ALL -> snapshot.overall();
            case LIVE -> snapshot.status(Group.LIVENESS);
            case READY -> snapshot.status(Group.READINESS);
            case STARTED -> snapshot.status(Group.STARTUP);
        };
    }

    List<CheckReport> checks(HealthSnapshot snapshot) {
        return switch (this) {
            case ALL -> snapshot.checks();
            case LIVE -> snapshot.checks(Group.LIVENESS);
            case READY -> snapshot.checks(Group.READINESS);
            case STARTED -> snapshot.checks(Group.STARTUP);
        };
    }
}
