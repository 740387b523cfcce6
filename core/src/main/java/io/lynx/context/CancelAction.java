package io.lynx.context;

import io.lynx.extension.Registration;
import io.lynx.extension.UserCode;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What runs when a request is cancelled, once. */
final class CancelAction implements Registration {
    private static final Logger LOG = LoggerFactory.getLogger(RequestContext.class);

    private final RequestScope scope;
    private final Runnable action;
    private final AtomicBoolean isDone = new AtomicBoolean();

    CancelAction(RequestScope scope, Runnable action) {
        this.scope = scope;
        this.action = action;
    }

    void run() {
        if (isDone.compareAndSet(false, true)) {
            boolean _ = UserCode.run(action::run, failure -> LOG.atWarn()
                    .setCause(UserCode.loggable(failure))
                    .log("Action at the cancellation of a request failed"));
        }
    }

    @Override
    public void close() {
        isDone.set(true);
        scope.withdraw(this);
    }
}
