package io.lynx.leadership.engine;

import io.lynx.extension.UserCode;
import io.lynx.leadership.FencingToken;
import io.lynx.leadership.Lease;
import io.lynx.leadership.LeaseAnswer;
import io.lynx.leadership.LeaseBackend;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Makes the calls of the backend for one candidate. Thread-safe. */
final class LeaseCalls {
    private final CandidateSettings settings;
    private final BackendAnswers answers;
    private final Duration lease;
    private final AtomicInteger running = new AtomicInteger();

    LeaseCalls(CandidateSettings settings, BackendAnswers answers) {
        this.settings = settings;
        this.answers = answers;
        this.lease = settings.config().lease();
    }

    private LeaseBackend backend() {
        return settings.backend().get();
    }

    /** Returns a call that asks for a lease; it has not begun. */
    LeaseCall<LeaseAnswer> acquire(long attempt, LeaseCall.Receiver<LeaseAnswer> receiver) {
        return new LeaseCall<>(settings, running, () -> acquireAs(settings.instance() + "-" + attempt), receiver);
    }

    private LeaseAnswer acquireAs(String holder) throws Exception {
        LeaseAnswer answer = backend().acquire(settings.name(), holder, lease);
        if (answer instanceof LeaseAnswer.Granted(Lease granted)) {
            FencingToken _ = new FencingToken(settings.name(), granted.token());
        }
        return answer;
    }

    /** Returns a call that renews a lease; it has not begun. */
    LeaseCall<Boolean> renew(Lease held, LeaseCall.Receiver<Boolean> receiver) {
        return new LeaseCall<>(settings, running, () -> backend().renew(held, lease), receiver);
    }

    /**
     * Releases a lease on another thread.
     *
     * @return completes when it is over
     */
    CompletableFuture<@Nullable Void> release(Lease held) {
        LeaseCall<Boolean> release = new LeaseCall<>(
                settings,
                running,
                () -> {
                    backend().release(held);
                    return true;
                },
                new LeaseCall.Receiver<>() {
                    @Override
                    public void returned(Boolean done, long began, boolean isLate) {}

                    @Override
                    public void failed(Throwable thrown) {
                        answers.failed("release", thrown);
                    }
                });
        release.begin();
        return release.over();
    }

    /** Releases a lease that this instance cannot use, on this thread. */
    void releaseNow(Lease unusable) {
        boolean _ = UserCode.run(() -> backend().release(unusable), thrown -> answers.failed("release", thrown));
    }
}
