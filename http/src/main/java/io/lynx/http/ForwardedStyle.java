package io.lynx.http;

/** Which headers of trusted proxies are obeyed. Immutable and thread-safe. */
public enum ForwardedStyle {
    /**
     * {@code Forwarded} or {@code X-Forwarded-*}; neither if a request has both and they contradict each other. Safe only if the proxies
     * remove what they do not set.
     */
    ANY,
    /** {@code Forwarded} (RFC 7239). */
    FORWARDED,
    /** {@code X-Forwarded-For}, {@code X-Forwarded-Proto}, {@code X-Forwarded-Host} and {@code X-Forwarded-Port}. */
    X_FORWARDED
}
