package io.lynx.resilience;

import org.jspecify.annotations.Nullable;

/** Why a breaker changed its state, for its event and its log line: a few words, and the failure that decided it. */
record TransitionReason(String text, @Nullable Throwable cause) {
    static final TransitionReason TIMEOUT = of("the open time is over");
    static final TransitionReason PROBE_NOW = of("a probe was requested");
    static final TransitionReason MANUAL = of("set by an operator");

    static TransitionReason of(String text) {
        return new TransitionReason(text, null);
    }
}
