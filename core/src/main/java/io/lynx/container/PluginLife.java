package io.lynx.container;

import io.lynx.plugin.PluginState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What changes of a plugin while the application lives. Immutable.
 *
 * @param scope what its present start has opened; null if it has not been started or its stop is over
 * @param startTime how long the start took; null if it has not returned
 * @param stopTime how long the stop took; null if it has not returned
 * @param starts how often it was started
 * @param failure why it failed; null if it did not
 */
record PluginLife(
        PluginState state,
        @Nullable PluginScope scope,
        @Nullable Duration startTime,
        @Nullable Duration stopTime,
        int starts,
        @Nullable Throwable failure) {
    static final PluginLife NEW = new PluginLife(PluginState.NEW, null, null, null, 0, null);

    /** Returns whether {@code other} belongs to the present start, which nothing has begun to end. */
    boolean isThatOf(PluginScope other) {
        return scope == other && state != PluginState.STOPPING && !other.isClosed();
    }

    PluginLife state(PluginState next) {
        return new PluginLife(next, scope, startTime, stopTime, starts, failure);
    }

    PluginLife starting(PluginScope next) {
        return new PluginLife(PluginState.STARTING, next, null, null, starts + 1, null);
    }

    PluginLife running(Duration took) {
        return new PluginLife(PluginState.RUNNING, scope, took, stopTime, starts, failure);
    }

    /** Returns what follows when a thread of the present start ends with an exception: a start in progress fails when it is over. */
    PluginLife threadDied(Throwable cause) {
        return switch (state) {
            case RUNNING -> failed(cause);
            case STARTING -> new PluginLife(state, scope, startTime, stopTime, starts, cause);
            case NEW, STOPPING, STOPPED, FAILED, ABANDONED -> this;
        };
    }

    PluginLife failed(Throwable cause) {
        return new PluginLife(PluginState.FAILED, scope, startTime, stopTime, starts, cause);
    }

    PluginLife ended(PluginState next, Duration took, @Nullable Throwable cause) {
        return new PluginLife(next, null, startTime, took, starts, cause == null ? failure : cause);
    }
}
