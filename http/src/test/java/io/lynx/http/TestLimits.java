package io.lynx.http;

import io.lynx.config.AddressRange;
import io.lynx.config.Host;
import io.lynx.config.Size;
import io.lynx.testkit.LoopbackCertificate;
import io.lynx.transport.ListenerSection;
import io.lynx.transport.TlsFiles;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The address and all limits of a {@link TestServer}: a free port of the loopback, and the defaults but for a short linger. */
final class TestLimits {
    private static final ListenerSection CONNECTIONS = ListenerSection.defaults();
    private static final HttpConfig REQUESTS = HttpConfig.defaults();

    private Size maxHeaderSize = CONNECTIONS.maxHeaderSize();
    private Size maxUriLength = CONNECTIONS.maxUriLength();
    private int maxConnections = CONNECTIONS.maxConnections();
    private int maxLongLived = CONNECTIONS.maxLongLived();
    private Duration idleTimeout = CONNECTIONS.idleTimeout();
    private Duration headerTimeout = CONNECTIONS.headerTimeout();
    private Duration linger = Duration.ofMillis(100);
    private boolean compression = REQUESTS.compression();
    private boolean decompression = REQUESTS.decompression();
    private Size maxBodySize = REQUESTS.maxBodySize();
    private Size maxUploadStorage = REQUESTS.maxUploadStorage();
    private int maxInFlight = REQUESTS.maxInFlight();
    private Duration requestTimeout = REQUESTS.requestTimeout();
    private Duration slowRequest = REQUESTS.slowRequest();
    private Duration stallTimeout = REQUESTS.stallTimeout();
    private List<AddressRange> trustedPeers = REQUESTS.trustedPeers();
    private List<AddressRange> trustedProxies = CONNECTIONS.trustedProxies();
    private boolean proxyProtocol;
    private ForwardedStyle forwardedHeaders = REQUESTS.forwardedHeaders();
    private AccessLogFormat accessLog = REQUESTS.accessLog();
    private Optional<CorsConfig> cors = Optional.empty();
    private SecurityHeadersConfig securityHeaders = REQUESTS.securityHeaders();
    private RateLimitConfig rateLimit = REQUESTS.rateLimit();
    private HttpsRedirectConfig httpsRedirect = REQUESTS.httpsRedirect();
    private boolean shed = REQUESTS.shed();
    private Optional<TlsFiles> tls = Optional.empty();

    ListenerSection listener() {
        return new ListenerSection(
                Host.of("127.0.0.1"),
                0,
                maxHeaderSize,
                maxUriLength,
                maxConnections,
                maxLongLived,
                idleTimeout,
                headerTimeout,
                linger,
                CONNECTIONS.eventLoops(),
                trustedProxies,
                proxyProtocol,
                tls);
    }

    HttpConfig http() {
        return new HttpConfig(
                maxBodySize,
                maxUploadStorage,
                maxInFlight,
                requestTimeout,
                slowRequest,
                stallTimeout,
                trustedPeers,
                forwardedHeaders,
                shed,
                compression,
                decompression,
                accessLog,
                cors,
                securityHeaders,
                rateLimit,
                httpsRedirect);
    }

    TestLimits maxHeaderSize(int maxHeaderSize) {
        this.maxHeaderSize = new Size(maxHeaderSize);
        return this;
    }

    TestLimits maxUriLength(int maxUriLength) {
        this.maxUriLength = new Size(maxUriLength);
        return this;
    }

    TestLimits maxConnections(int maxConnections) {
        this.maxConnections = maxConnections;
        return this;
    }

    TestLimits maxLongLived(int maxLongLived) {
        this.maxLongLived = maxLongLived;
        return this;
    }

    TestLimits idleTimeout(Duration idleTimeout) {
        this.idleTimeout = idleTimeout;
        return this;
    }

    TestLimits headerTimeout(Duration headerTimeout) {
        this.headerTimeout = headerTimeout;
        return this;
    }

    TestLimits linger(Duration linger) {
        this.linger = linger;
        return this;
    }

    TestLimits compression(boolean compression) {
        this.compression = compression;
        return this;
    }

    TestLimits decompression() {
        this.decompression = true;
        return this;
    }

    TestLimits maxBodySize(long maxBodySize) {
        this.maxBodySize = new Size(maxBodySize);
        return this;
    }

    TestLimits maxUploadStorage(long maxUploadStorage) {
        this.maxUploadStorage = new Size(maxUploadStorage);
        return this;
    }

    TestLimits maxInFlight(int maxInFlight) {
        this.maxInFlight = maxInFlight;
        return this;
    }

    TestLimits requestTimeout(Duration requestTimeout) {
        this.requestTimeout = requestTimeout;
        return this;
    }

    TestLimits slowRequest(Duration slowRequest) {
        this.slowRequest = slowRequest;
        return this;
    }

    TestLimits stallTimeout(Duration stallTimeout) {
        this.stallTimeout = stallTimeout;
        return this;
    }

    TestLimits trustedPeers(String... ranges) {
        this.trustedPeers = Stream.of(ranges).map(AddressRange::of).toList();
        return this;
    }

    TestLimits trustedProxies(String... ranges) {
        this.trustedProxies = Stream.of(ranges).map(AddressRange::of).toList();
        return this;
    }

    TestLimits proxyProtocol() {
        this.proxyProtocol = true;
        return this;
    }

    TestLimits forwardedHeaders(ForwardedStyle style) {
        this.forwardedHeaders = style;
        return this;
    }

    TestLimits accessLog(AccessLogFormat format) {
        this.accessLog = format;
        return this;
    }

    TestLimits cors(CorsConfig config) {
        this.cors = Optional.of(config);
        return this;
    }

    TestLimits securityHeaders(SecurityHeadersConfig config) {
        this.securityHeaders = config;
        return this;
    }

    TestLimits rateLimit(RateLimitConfig config) {
        this.rateLimit = config;
        return this;
    }

    TestLimits shed() {
        this.shed = true;
        return this;
    }

    TestLimits tls(LoopbackCertificate certificate) {
        return tls(TlsFiles.of(
                certificate.certificate().toString(), certificate.key().toString()));
    }

    TestLimits tls(TlsFiles files) {
        this.tls = Optional.of(files);
        return this;
    }
}
