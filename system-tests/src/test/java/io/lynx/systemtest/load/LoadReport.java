package io.lynx.systemtest.load;

import io.lynx.systemtest.load.Outcome.Lost;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The account of a load. Every scheduled request is in exactly one of {@code statuses}, {@code notSent} and {@code lost}.
 *
 * @param scheduled requests whose time came
 * @param statuses answers by HTTP status
 * @param notSent requests that nobody took
 * @param lost requests that were written and not answered
 * @param safeRetries how often a request was moved elsewhere before it had one of these ends
 * @param slowest from the time a request was due to the end of its answer
 * @param firstLost the earliest lost one
 * @param lastAnswered when the latest answer was complete, on {@link System#nanoTime}
 */
public record LoadReport(
        long scheduled,
        Map<Integer, Long> statuses,
        long notSent,
        long lost,
        long safeRetries,
        Duration slowest,
        @Nullable Lost firstLost,
        long lastAnswered) {
    /** Answers with status 200. */
    public long ok() {
        return statuses.getOrDefault(200, 0L);
    }

    /** All answers. */
    public long answered() {
        return statuses.values().stream().mapToLong(Long::longValue).sum();
    }
}
