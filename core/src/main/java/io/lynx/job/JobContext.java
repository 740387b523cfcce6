package io.lynx.job;

import io.lynx.time.Deadline;
import java.util.Optional;

/** What one run of a job receives. Thread-safe. */
public interface JobContext {
    /** Returns the name of the job. */
    String name();

    /** Returns the deadline of this run; empty if the schedule has no time-out. */
    Optional<Deadline> deadline();

    /**
     * Returns whether the run should end: its deadline has passed, or its plugin stops. A long run checks this between two
     * pieces of work. The thread is not interrupted at the deadline, since that would close the connections that it uses.
     */
    boolean isCancelled();
}
