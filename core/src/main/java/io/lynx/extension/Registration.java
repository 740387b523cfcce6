package io.lynx.extension;

/**
 * Something that was registered: a subscription, a health check, a listener, a route. Closing it removes it. Closing is
 * idempotent, thread-safe and never throws; what is registered through a plugin's context is closed when the plugin stops.
 */
@FunctionalInterface
public interface Registration extends AutoCloseable {
    /** A registration whose close does nothing. */
    Registration NONE = () -> {};

    @Override
    void close();
}
