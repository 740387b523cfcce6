package io.lynx.grpc;

import java.time.Duration;
import java.util.Optional;

/**
 * What one service does differently from the server's configuration. Immutable; each {@code with} method returns a changed copy.
 *
 * @param access who may call it; empty for {@code lynx.grpc.default_access}
 * @param timeout how long each of its calls may take, streaming ones included; empty for {@code lynx.grpc.request_timeout}, which
 *     limits unary calls alone; zero for no limit
 */
public record ServiceOptions(Optional<CallAccess> access, Optional<Duration> timeout) {
    private static final ServiceOptions DEFAULTS = new ServiceOptions(Optional.empty(), Optional.empty());

    /**
     * Options with these components.
     *
     * @throws IllegalArgumentException if the timeout is negative
     */
    public ServiceOptions {
        if (timeout.isPresent() && timeout.get().isNegative()) {
            throw new IllegalArgumentException("service timeout: " + timeout.get() + "; zero or more");
        }
    }

    /** Returns the options of a service that follows the server's configuration. */
    public static ServiceOptions defaults() {
        return DEFAULTS;
    }

    /** Returns a copy with a rule that decides who may call the service. */
    public ServiceOptions withAccess(CallAccess rule) {
        return new ServiceOptions(Optional.of(rule), timeout);
    }

    /**
     * Returns a copy with a time limit of its calls; zero for none.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public ServiceOptions withTimeout(Duration limit) {
        return new ServiceOptions(access, Optional.of(limit));
    }
}
