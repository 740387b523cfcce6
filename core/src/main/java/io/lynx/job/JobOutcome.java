package io.lynx.job;

/** How a run of a job ended. */
public enum JobOutcome {
    /** It returned in time. */
    SUCCESS,
    /** It threw. */
    FAILURE,
    /** It returned or threw after its time-out. */
    TIMEOUT,
    /** It ended because its plugin was stopping. */
    CANCELLED
}
