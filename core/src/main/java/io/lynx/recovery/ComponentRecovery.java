package io.lynx.recovery;

import io.lynx.health.HealthCheck;
import org.jspecify.annotations.Nullable;

/**
 * What a component brings for its own recovery, used by the default chain. Immutable.
 *
 * @param retry what is worth trying again; null if nothing is
 * @param fallback switches to a replacement; null if there is none
 * @param probe looks whether the component works, to verify a recovery; null if an action that returns is proof enough
 * @param required whether the application is not ready while the component is parked
 */
public record ComponentRecovery(
        @Nullable RecoveryAction retry,
        @Nullable RecoveryAction fallback,
        @Nullable HealthCheck probe,
        boolean required) {
    /** A builder of one that brings nothing. */
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

        /** What is worth trying again. */
        public Builder retry(RecoveryAction action) {
            this.retry = action;
            return this;
        }

        /** Switches to a replacement. */
        public Builder fallback(RecoveryAction action) {
            this.fallback = action;
            return this;
        }

        /** Looks whether the component works. */
        public Builder probe(HealthCheck check) {
            this.probe = check;
            return this;
        }

        /** Makes the application not ready while the component is parked. */
        public Builder required() {
            this.required = true;
            return this;
        }

        /** What was collected. */
        public ComponentRecovery build() {
            return new ComponentRecovery(retry, fallback, probe, required);
        }
    }
}
