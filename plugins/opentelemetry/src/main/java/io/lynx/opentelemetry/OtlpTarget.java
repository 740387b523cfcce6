package io.lynx.opentelemetry;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * Where and how a push is sent. Immutable.
 *
 * @param address the URL with the path of the signal
 * @param timeout the time limit of a connection
 * @param headers sent with each push
 * @param items what a collector rejects, for messages
 */
record OtlpTarget(
        URI address, Duration timeout, Map<String, String> headers, OtlpConfig.Compression compression, String items) {
    OtlpTarget {
        headers = Map.copyOf(headers);
    }
}
