package io.lynx.http;

import io.lynx.transport.ListenerConfig;
import io.lynx.transport.TlsFiles;
import java.time.Duration;
import java.util.stream.Stream;

/** Maps the configuration of HTTP to that of the transport's listener. */
final class TransportConfig {
    private TransportConfig() {}

    static ListenerConfig of(String name, String section, HttpConfig config, int eventLoops, boolean replacesIdle) {
        Duration shortest = Stream.of(
                        config.headerTimeout(), config.idleTimeout(), config.stallTimeout(), config.requestTimeout())
                .filter(limit -> !limit.isZero())
                .min(Duration::compareTo)
                .orElse(Duration.ofSeconds(10));
        return new ListenerConfig(
                name,
                section,
                config.host(),
                config.port(),
                config.tls().map(tls -> new TlsFiles(tls.certificate(), tls.key(), tls.clientCertificates())),
                eventLoops,
                config.maxConnections(),
                config.maxLongLived(),
                replacesIdle,
                (int) config.maxHeaderSize().bytes(),
                (int) config.maxUriLength().bytes(),
                config.compression(),
                config.headerTimeout(),
                config.idleTimeout(),
                config.linger(),
                Duration.ofMillis(Math.clamp(shortest.toMillis() / 10, 5, 1000)));
    }
}
