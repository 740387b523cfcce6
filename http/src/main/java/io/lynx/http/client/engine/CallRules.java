package io.lynx.http.client.engine;

import java.time.Duration;
import java.util.Optional;

/**
 * How calls are made. Immutable and thread-safe.
 *
 * @param timeout for a call with all of its attempts
 * @param attemptTimeout for one attempt
 * @param maxRedirects redirects that one call follows
 * @param decompresses whether compressed answers are accepted and decompressed
 */
public record CallRules(Duration timeout, Optional<Duration> attemptTimeout, int maxRedirects, boolean decompresses) {}
