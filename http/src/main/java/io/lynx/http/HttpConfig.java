package io.lynx.http;

import io.lynx.config.AddressRange;
import io.lynx.config.Binding;
import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import io.lynx.config.Size;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The limits of HTTP requests. The section {@code lynx.http} is that of the service; it also has the address and the connection
 * limits of the plugin {@code listener}. Immutable.
 *
 * @param maxBodySize a larger body is answered with 413
 * @param maxUploadStorage the largest size of the temporary files of all uploads together
 * @param maxInFlight requests beyond it are answered with 503 and {@code Retry-After}
 * @param requestTimeout how long a request may take from its head until its answer begins; then it is answered with 408 if its
 *     body is still missing and with 503 otherwise, and cancelled; zero for no limit
 * @param slowRequest a request whose answer begins later is counted as slow; zero for none
 * @param stallTimeout how long a client may take for the next piece (64 KiB) of a body or an answer
 * @param trustedPeers the addresses from which {@code X-Request-Timeout} is obeyed
 * @param forwardedHeaders which headers of the {@code trusted_proxies} are obeyed
 * @param shed whether a request is answered with 503 at once if its remaining time is below the recent median of its route
 * @param compression whether answers of 1 KiB or more that become smaller use gzip for clients that accept it
 * @param decompression whether bodies of requests in gzip are decompressed for handlers
 * @param accessLog how requests are written to the access log
 * @param cors which pages of other origins may use the server; empty for none
 * @param securityHeaders headers that make browsers careful
 * @param rateLimit how many requests each address may make in a time
 * @param httpsRedirect what becomes of requests without TLS
 */
public record HttpConfig(
        @Doc("The largest body of a request") @Default("10MB")
        Size maxBodySize,

        @Doc("The largest size of the temporary files of all uploads together") @Default("1GB")
        Size maxUploadStorage,

        @Doc("How many requests are served at a time") @Default("10000") @Range(min = "1")
        int maxInFlight,

        @Doc("How long a request may take until its answer begins; 0s for no limit") @Default("60s") @Range(min = "0s")
        Duration requestTimeout,

        @Doc("A request whose answer begins later is counted as slow; 0s for none") @Default("1s") @Range(min = "0s")
        Duration slowRequest,

        @Doc("How long a client may take for the next piece of a body or an answer")
        @Default("30s")
        @Range(min = "10ms")
        Duration stallTimeout,

        @Doc("Addresses of callers whose header X-Request-Timeout is obeyed, such as 10.0.0.0/8 or ::1") @Default("[]")
        List<AddressRange> trustedPeers,

        @Doc("Which headers of trusted proxies are obeyed") @Default("x_forwarded")
        ForwardedStyle forwardedHeaders,

        @Doc("Whether to refuse a request at once whose remaining time is below the recent median of its route")
        @Default("false")
        boolean shed,

        @Doc("Whether text, JSON and similar answers of 1 KiB or more use gzip for clients that accept it")
        @Default("false")
        boolean compression,

        @Doc("Whether bodies of requests in gzip are decompressed") @Default("false")
        boolean decompression,

        @Doc(
                "How requests are written to the logger lynx.access: as key-values (json), in the combined log format (common), or not")
        @Default("off")
        AccessLogFormat accessLog,

        @Doc("Which pages of other origins may use the server; without it none may")
        Optional<CorsConfig> cors,

        @Doc("Headers that make browsers careful with answers")
        SecurityHeadersConfig securityHeaders,

        @Doc("How many requests each address may make in a time")
        RateLimitConfig rateLimit,

        @Doc("What becomes of requests without TLS") HttpsRedirectConfig httpsRedirect) {
    /** Copies the list. */
    public HttpConfig {
        trustedPeers = List.copyOf(trustedPeers);
    }

    /** Returns the configuration in which no key is set. */
    public static HttpConfig defaults() {
        return Binding.defaults(HttpConfig.class);
    }

    /** Returns a copy with another largest body of a request, in bytes. */
    public HttpConfig withMaxBodySize(long bytes) {
        return with(new Size(bytes), maxInFlight, stallTimeout);
    }

    /** Returns a copy with another limit of requests that are served at a time. */
    public HttpConfig withMaxInFlight(int requests) {
        return with(maxBodySize, requests, stallTimeout);
    }

    /** Returns a copy with another time that a client may take for the next piece of a body or an answer. */
    public HttpConfig withStallTimeout(Duration time) {
        return with(maxBodySize, maxInFlight, time);
    }

    private HttpConfig with(Size maxBody, int inFlight, Duration stall) {
        return new HttpConfig(
                maxBody,
                maxUploadStorage,
                inFlight,
                requestTimeout,
                slowRequest,
                stall,
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
}
