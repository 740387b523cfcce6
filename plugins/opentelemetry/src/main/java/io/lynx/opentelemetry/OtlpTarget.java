package io.lynx.opentelemetry;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Where and how a push is sent. Immutable.
 *
 * @param address the URL with the path of the signal
 * @param timeout the time limit of a connection
 * @param headers sent with each push
 * @param items what a collector rejects, for messages
 * @param tls how connections are secured; null as the JVM does it
 */
record OtlpTarget(
        URI address,
        Duration timeout,
        Map<String, String> headers,
        OtlpConfig.Compression compression,
        String items,
        @Nullable SSLContext tls) {
    OtlpTarget {
        headers = Map.copyOf(headers);
    }
}
