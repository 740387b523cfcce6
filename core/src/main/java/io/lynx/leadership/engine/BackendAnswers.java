package io.lynx.leadership.engine;

import io.lynx.extension.UserCode;
import io.lynx.health.Health;
import io.lynx.leadership.FencingToken;
import io.lynx.leadership.LeadershipEvent;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether the backend answers, and who holds the lease by its last answer. Thread-safe. */
final class BackendAnswers {
    private static final int LONGEST_BACKOFF = 10;

    private final CandidateSettings settings;
    private long failures;
    private long answeredAt;
    private @Nullable Throwable failure;
    private String holder = "";

    BackendAnswers(CandidateSettings settings) {
        this.settings = settings;
        this.answeredAt = settings.ticker().nanos();
    }

    /**
     * The backend has answered a call.
     *
     * @param present who holds the lease; empty for this instance
     */
    void succeeded(String present) {
        long before;
        synchronized (this) {
            before = failures;
            failures = 0;
            failure = null;
            answeredAt = settings.ticker().nanos();
            holder = present;
        }
        if (before > 0) {
            settings.listener().accept(new LeadershipEvent.Reconnected(settings.name(), before));
        }
    }

    /** A call has failed. */
    void failed(String operation, Throwable thrown) {
        long inSequence;
        synchronized (this) {
            inSequence = ++failures;
            failure = thrown;
        }
        settings.listener().accept(new LeadershipEvent.CallFailed(settings.name(), operation, inSequence, thrown));
    }

    /** Returns why calls fail, in words that follow others; empty if they do not. */
    synchronized String reason() {
        return failure == null ? "" : ": " + UserCode.describe(failure);
    }

    /** Returns the time until the next attempt to acquire the lease: longer with each failure, up to the lease. */
    synchronized Duration backoff() {
        Duration pause = settings.config().pause();
        if (failures == 0) {
            return pause;
        }
        Duration longer = pause.multipliedBy(1L << Math.min(failures - 1, LONGEST_BACKOFF));
        Duration lease = settings.config().lease();
        return longer.compareTo(lease) < 0 ? longer : lease;
    }

    /** Returns the health of the candidacy: degraded if the backend has not answered for the time of two leases. */
    synchronized Health health(Optional<FencingToken> token) {
        Duration silence = Duration.ofNanos(settings.ticker().nanos() - answeredAt);
        boolean isSilent =
                failure != null && silence.compareTo(settings.config().lease().multipliedBy(2)) > 0;
        Health health = isSilent
                ? Health.degraded("leadership '" + settings.name() + "': the backend has not answered for "
                        + silence.toSeconds() + "s" + reason())
                : Health.up();
        if (token.isPresent()) {
            return health.with("leader", true).with("term", token.get().value());
        }
        return health.with("leader", false).with("holder", holder.isEmpty() ? "unknown" : holder);
    }
}
