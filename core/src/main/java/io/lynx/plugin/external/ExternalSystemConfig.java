package io.lynx.plugin.external;

import java.time.Duration;

/** The keys that the configuration record of every plugin for an external system has. Immutable, as the record is. */
public interface ExternalSystemConfig {
    /** What happens at the start while the system cannot be reached. */
    enum StartupMode {
        /** The start waits until its deadline, and fails if the system is still not reachable. */
        REQUIRE,
        /** The application starts, is DEGRADED, and connects when the system can be reached. */
        DEGRADE
    }

    /** Returns what happens at the start while the system cannot be reached. */
    StartupMode startup();

    /** Returns the time limit of one attempt to connect for the health check or at the start. */
    Duration healthTimeout();
}
