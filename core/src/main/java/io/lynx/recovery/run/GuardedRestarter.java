package io.lynx.recovery.run;

import io.lynx.extension.UserCode;
import io.lynx.recovery.Restarter;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the methods of a {@link Restarter} that return the state of a component, on the thread that records an error or reads the
 * statistics. A call that does not return blocks that thread. After ten seconds, the next call logs where it hangs; that call and
 * later ones return a default without calling the restarter, so that they do not block further threads. Thread-safe.
 */
final class GuardedRestarter {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedRestarter.class);
    private static final long PATIENCE_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int FRAMES = 12;

    private final Restarter restarter;
    private final Ticker ticker;
    private final Set<Call> inProgress = ConcurrentHashMap.newKeySet();

    /** A call in progress; two of them are never equal. */
    private static final class Call {
        private final Thread thread = Thread.currentThread();
        private final AtomicBoolean isNamed = new AtomicBoolean();
        private final String method;
        private final String component;
        private final long since;

        Call(String method, String component, long since) {
            this.method = method;
            this.component = component;
            this.since = since;
        }
    }

    GuardedRestarter(Restarter restarter, Ticker ticker) {
        this.restarter = restarter;
        this.ticker = ticker;
    }

    /** Returns whether the component can be restarted; false if the restarter fails to return that. */
    boolean canRestart(String component) {
        return call("canRestart", component, () -> restarter.canRestart(component), false);
    }

    /** Returns whether the component is running; true if the restarter fails to return that. */
    boolean isRunning(String component) {
        return call("isRunning", component, () -> restarter.isRunning(component), true);
    }

    private boolean call(String method, String component, Callable<Boolean> code, boolean otherwise) {
        long now = ticker.nanos();
        for (Call other : inProgress) {
            if (now - other.since > PATIENCE_NANOS) {
                name(other);
                return otherwise;
            }
        }
        Call call = new Call(method, component, now);
        inProgress.add(call);
        try {
            return UserCode.call(code, otherwise, failure -> LOG.atWarn()
                    .setCause(UserCode.loggable(failure))
                    .addKeyValue("component", component)
                    .log("Restarter threw an exception in {}; continuing with {}", method, otherwise));
        } finally {
            inProgress.remove(call);
        }
    }

    private static void name(Call call) {
        if (call.isNamed.compareAndSet(false, true)) {
            LOG.atWarn()
                    .addKeyValue("component", call.component)
                    .addKeyValue("thread", call.thread.getName())
                    .addKeyValue(
                            "stack",
                            Arrays.stream(call.thread.getStackTrace())
                                    .limit(FRAMES)
                                    .toList())
                    .log(
                            "Restarter does not return from {}; until it does, no component counts as one that can be"
                                    + " restarted",
                            call.method);
        }
    }
}
