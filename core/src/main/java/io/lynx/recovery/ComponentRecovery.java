package io.lynx.recovery;

import io.lynx.extension.ExtensionPoint;
import io.lynx.health.HealthCheck;
import org.jspecify.annotations.Nullable;

/**
 * The means that a component brings for its own recovery; the default chain uses them. Immutable.
 *
 * @param retry an action worth repeating; null if there is none
 * @param fallback switches to a replacement; null if there is none
 * @param probe checks whether the component works, to verify a recovery; null for the health check of the plugin, if it is one
 * @param required whether the health of recovery is DOWN while the component is quarantined
 */
public record ComponentRecovery(
        @Nullable RecoveryAction retry,
        @Nullable RecoveryAction fallback,
        @Nullable HealthCheck probe,
        boolean required) {
    /** Returns a builder without any means. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects a {@link ComponentRecovery}. Not thread-safe. */
    public static final class Builder {
        private @Nullable RecoveryAction retry;
        private @Nullable RecoveryAction fallback;
        private @Nullable HealthCheck probe;
        private boolean required;

        private Builder() {}

        /** Sets an action worth repeating. */
        public Builder retry(RecoveryAction action) {
            this.retry = action;
            return this;
        }

        /** Sets the action that switches to a replacement. */
        public Builder fallback(RecoveryAction action) {
            this.fallback = action;
            return this;
        }

        /** Sets the check that verifies a recovery. */
        public Builder probe(HealthCheck check) {
            this.probe = check;
            return this;
        }

        /** Makes the health of recovery DOWN while the component is quarantined. */
        public Builder required() {
            this.required = true;
            return this;
        }

        /** Returns the means. */
        public ComponentRecovery build() {
            return new ComponentRecovery(retry, fallback, probe, required);
        }
    }

    /** An action that recovers a component: reconnect, clear a cache, switch to a replica. Implementations are thread-safe. */
    @ExtensionPoint(
            thread = "the platform thread of the recovery",
            deadline = "the timeout of the strategy that runs it")
    @FunctionalInterface
    public interface RecoveryAction {
        /**
         * Performs the action. The thread is interrupted when its time is over.
         *
         * @throws Exception if it failed
         */
        void run(RecoveryContext context) throws Exception;
    }
}
