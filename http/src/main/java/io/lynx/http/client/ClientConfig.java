package io.lynx.http.client;

import io.lynx.config.Binding;
import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import io.lynx.config.Size;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The configuration of one client: the section {@code lynx.clients.<name>}. Immutable.
 *
 * @param url where the service is: scheme (HTTP or HTTPS), host, port, and a path in front of those of the calls
 * @param addresses instances of the service; the addresses of the URL's host if empty
 * @param srv the name of SRV records that list the instances
 * @param http2 whether connections use HTTP/2
 * @param zone where this client runs
 * @param dnsRefresh how long addresses are used before they are found again
 * @param timeout for a call with all of its attempts
 * @param connectTimeout to connect, TLS included
 * @param readTimeout for the next bytes of an answer
 * @param attemptTimeout for one attempt
 * @param idleTimeout after which an unused connection is closed
 * @param maxConnections to one address
 * @param maxWait for a connection while all are in use
 * @param maxWaiting calls that wait for a connection to one address
 * @param maxBodySize of an answer that is read as a whole
 * @param maxHeaderSize of an answer
 * @param maxRedirects redirects within the service that one call follows
 * @param compression whether compressed answers are accepted
 * @param propagation whether calls carry the context of the request for which they are made
 * @param headers that every call has
 * @param tls files for TLS
 * @param policies what happens when calls fail
 */
public record ClientConfig(
        @Doc(
                "Where the service is, such as https://inventory:8443/api; its path is put in front of those of the calls.")
        Optional<URI> url,

        @Doc("Instances of the service as host:port; the addresses of the URL's host if not set.")
        List<String> addresses,

        @Doc("Name of the DNS records of type SRV that list the instances, such as _http._tcp.inventory.example.com.")
        Optional<String> srv,

        @Doc("Whether connections use HTTP/2: off, negotiated (where TLS negotiates it), always (also in clear text).")
        @Default("negotiated")
        Http2 http2,

        @Doc("Where this client runs; instances in the same zone are preferred.") @Default("")
        String zone,

        @Doc("How long addresses are used before they are found again.") @Default("30s") @Range(min = "1s", max = "1h")
        Duration dnsRefresh,

        @Doc("How long a call may take with all of its attempts.") @Default("30s") @Range(min = "1ms", max = "1h")
        Duration timeout,

        @Doc("How long it may take to connect, TLS included.") @Default("2s") @Range(min = "1ms", max = "5m")
        Duration connectTimeout,

        @Doc("How long the server may take for the head or the next bytes of an answer.")
        @Default("10s")
        @Range(min = "1ms", max = "1h")
        Duration readTimeout,

        @Doc("How long one attempt may take; as long as the call if not set.") @Range(min = "1ms", max = "1h")
        Optional<Duration> attemptTimeout,

        @Doc("How long a connection is kept without a call.") @Default("30s") @Range(min = "10ms", max = "1h")
        Duration idleTimeout,

        @Doc("How many connections to one address may be open.") @Default("64") @Range(min = "1", max = "65535")
        int maxConnections,

        @Doc("How long a call may wait for a connection while all are in use.")
        @Default("2s")
        @Range(min = "0s", max = "5m")
        Duration maxWait,

        @Doc("How many calls may wait for a connection to one address.") @Default("1000") @Range(min = "0")
        int maxWaiting,

        @Doc("The largest body of an answer that is read as a whole, decompressed.") @Default("10MB")
        Size maxBodySize,

        @Doc("The largest head of an answer.") @Default("16KiB") @Range(min = "1KiB", max = "1MiB")
        Size maxHeaderSize,

        @Doc("How many redirects within the service one call follows.") @Default("0") @Range(min = "0", max = "20")
        int maxRedirects,

        @Doc("Whether compressed answers are accepted and decompressed.") @Default("false")
        boolean compression,

        @Doc("Whether calls carry the id, the trace, the baggage and the rest of the time of the request in progress.")
        @Default("true")
        boolean propagation,

        @Doc("Headers that every call has.") Map<String, String> headers,
        @Doc("Files for TLS.") Tls tls,
        @Doc("What happens when calls fail.") PolicyConfig policies) {
    /** Whether connections use HTTP/2. */
    public enum Http2 {
        /** They use HTTP/1.1. */
        OFF,
        /** They use HTTP/2 where TLS negotiates it, otherwise HTTP/1.1. */
        NEGOTIATED,
        /** They use HTTP/2, also in clear text. */
        ALWAYS
    }

    private static final int MOST_BUFFERED = Integer.MAX_VALUE - 64;
    private static final Duration LONGEST_LIMIT = Duration.ofDays(365);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the URL is not one of a service, a limit lets no call pass, or a body could not be kept
     *     in memory
     */
    public ClientConfig {
        addresses = List.copyOf(addresses);
        headers = Map.copyOf(headers);
        url.ifPresent(ClientConfig::requireService);
        addresses.forEach(ServiceAddress::parse);
        if (srv.isPresent() && !addresses.isEmpty()) {
            throw new IllegalArgumentException("addresses and srv are both set; one of them");
        }
        requireLimit("timeout", timeout);
        requireLimit("connect_timeout", connectTimeout);
        requireLimit("read_timeout", readTimeout);
        if (maxConnections < 1) {
            throw new IllegalArgumentException("max_connections is " + maxConnections + "; at least 1");
        }
        if (maxBodySize.bytes() > MOST_BUFFERED) {
            throw new IllegalArgumentException(
                    "max_body_size is " + maxBodySize + "; at most 2GiB, use a stream beyond");
        }
    }

    /** What configuration sets is checked by its range; this is for what code sets. */
    private static void requireLimit(String key, Duration duration) {
        if (!duration.isPositive() || duration.compareTo(LONGEST_LIMIT) > 0) {
            throw new IllegalArgumentException(key + " is " + duration + "; longer than 0, and 365 days at most");
        }
    }

    private static void requireService(URI url) {
        boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        boolean isPlain = url.getRawUserInfo() == null && url.getRawQuery() == null && url.getRawFragment() == null;
        if (!isHttp || url.getHost() == null || !isPlain || url.getPort() > 65535) {
            throw new IllegalArgumentException(
                    "url is not one of a service; http://host:port/path or https, without user, query and fragment");
        }
    }

    /** Returns the configuration of an empty section. */
    public static ClientConfig defaults() {
        return Binding.defaults(ClientConfig.class);
    }

    /**
     * PEM files for TLS; they are read again when they change.
     *
     * @param authorities the authorities of the service's certificates; those of the JDK if empty
     * @param certificate the client's certificate followed by its chain, for services that require one
     * @param key its private key (PKCS #8), unencrypted
     */
    public record Tls(
            @Doc("PEM file of the authorities that issue the service's certificates; those of the JDK if not set.")
            Optional<String> authorities,

            @Doc("PEM file of the client's certificate and its chain, for a service that requires one.")
            Optional<String> certificate,

            @Doc("PEM file of the private key of that certificate (PKCS #8).")
            Optional<String> key) {
        /**
         * Checks the files.
         *
         * @throws IllegalArgumentException if there is a certificate without a key, or a key without a certificate
         */
        public Tls {
            if (certificate.isPresent() != key.isPresent()) {
                throw new IllegalArgumentException((certificate.isPresent() ? "key" : "certificate")
                        + " is missing; a client's certificate needs both");
            }
        }
    }
}
