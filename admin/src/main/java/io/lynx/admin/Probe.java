package io.lynx.admin;

import io.lynx.health.CheckReport;
import io.lynx.health.HealthCheckOptions.Group;
import io.lynx.health.HealthSnapshot;
import io.lynx.health.HealthStatus;
import java.util.List;

/** The questions that a health page answers. */
enum Probe {
    /** How is everything? */
    ALL,
    /** Should the process go on? */
    LIVE,
    /** Should it get requests? */
    READY,
    /** Has it come up? */
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
