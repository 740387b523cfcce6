package io.lynx.context;

import io.lynx.extension.Registration;
import io.lynx.security.Principal;
import io.lynx.time.Deadline;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The context outside of a request. */
final class NoRequest extends RequestContext {
    static final NoRequest INSTANCE = new NoRequest();

    private NoRequest() {}

    @Override
    @SuppressWarnings("ReferenceEquality") // There is one.
    public void run(Runnable task) {
        if (RequestContext.current() == this) {
            task.run();
        } else {
            super.run(task);
        }
    }

    @Override
    public String requestId() {
        return "";
    }

    @Override
    public String operation() {
        return "";
    }

    @Override
    @Nullable
    TraceContext findTrace() {
        return null;
    }

    @Override
    @Nullable
    SpanNode findNode() {
        return null;
    }

    @Override
    Baggage findBaggage() {
        return Baggage.NONE;
    }

    @Override
    @Nullable
    Deadline findDeadline() {
        return null;
    }

    @Override
    public Optional<Principal> principal() {
        return Optional.empty();
    }

    @Override
    public void authenticated(Principal principal) {
        throw new IllegalStateException("principal " + principal.name() + ": set outside of a request; set it on the"
                + " thread that handles the request");
    }

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public Registration onCancel(Runnable action) {
        return Registration.NONE;
    }

    @Override
    public RequestContext withoutDeadline() {
        return this;
    }

    @Override
    RequestScope inner(@Nullable TraceContext trace, @Nullable Baggage baggage, @Nullable Deadline deadline) {
        return new RequestScope(null, null, "", trace, baggage, deadline);
    }
}
