package io.lynx.transport;

import io.lynx.extension.Registration;
import io.lynx.extension.ResourceKey;

/**
 * The protocols of the listener that an application's plugins share. A plugin registers its protocol in its start and has the
 * registration closed by its context. Requests that no protocol accepts are answered with 404; while a protocol that was
 * registered before is absent, since its plugin restarts, with 503 and {@code Retry-After}. Thread-safe.
 */
public interface Protocols {
    /** The protocols of the plugin {@code listener}. */
    ResourceKey<Protocols> KEY = ResourceKey.of("transport.protocols", Protocols.class);

    /** The order of a protocol that accepts a few requests, by their content type or offer to upgrade. */
    int SPECIFIC = 100;

    /** The order of a protocol that accepts every request; {@code http} has it. */
    int GENERAL = 1000;

    /**
     * Adds a protocol.
     *
     * @param name identifies it in messages
     * @param order protocols with lower numbers are offered a request first; among equals the one registered first
     * @return removes it; streams that it serves go on
     * @throws IllegalStateException if a protocol of that name is registered
     */
    default Registration register(String name, int order, StreamHandler protocol) {
        return register(name, order, protocol, new PlainObserver());
    }

    /**
     * Adds a protocol.
     *
     * @param observer receives what happens outside of streams, while no protocol with a higher order is registered
     * @see #register(String, int, StreamHandler)
     */
    Registration register(String name, int order, StreamHandler protocol, ListenerObserver observer);

    /** Returns the listener, for its counts; it opens when every plugin has started. */
    Listener listener();

    /**
     * Returns where it can be reached, such as {@code http://localhost:8080}.
     *
     * @throws IllegalStateException if it is not open
     */
    String url();
}
