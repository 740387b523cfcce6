package io.lynx.leadership.engine;

import io.lynx.leadership.LeadershipConfig;
import io.lynx.leadership.LeadershipEvent;
import io.lynx.leadership.LeaseBackend;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What a {@link Candidate} works with. Immutable.
 *
 * @param name of the leadership
 * @param instance identifies this instance in reports; no other has the same
 * @param config of the leadership
 * @param backend returns where the lease is kept
 * @param ticker the clock of this instance
 * @param scheduler runs short tasks
 * @param threads makes the threads of calls and actions
 * @param random spreads the calls of several instances
 * @param listener receives what happens; must not throw
 */
public record CandidateSettings(
        String name,
        String instance,
        LeadershipConfig config,
        Supplier<LeaseBackend> backend,
        Ticker ticker,
        Scheduler scheduler,
        ThreadFactory threads,
        RandomGenerator random,
        Consumer<LeadershipEvent> listener) {
    /** Returns a duration between {@code least} and {@code most} times {@code duration}, at random. */
    Duration spread(Duration duration, double least, double most) {
        return Duration.ofNanos((long) (duration.toNanos() * random.nextDouble(least, most)));
    }
}
