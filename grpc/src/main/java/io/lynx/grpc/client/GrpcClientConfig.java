package io.lynx.grpc.client;

import io.lynx.config.Binding;
import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import io.lynx.config.Size;
import io.lynx.http.client.ClientConfig;
import io.lynx.http.client.PolicyConfig;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The configuration of one gRPC client: the section {@code lynx.clients.<name>}. Keys that an HTTP client has too mean the same.
 * Immutable.
 *
 * @param url where the service is: scheme (HTTP or HTTPS), host and port
 * @param addresses instances of the service; the addresses of the URL's host if empty
 * @param srv the name of SRV records that list the instances
 * @param zone where this client runs
 * @param dnsRefresh how long addresses are used before they are found again
 * @param timeout for a unary call whose options have no deadline
 * @param connectTimeout to connect, TLS included
 * @param keepAlive how long a connection with calls may be silent before it is checked
 * @param idleTimeout after which an unused connection is closed
 * @param maxConnections to one address
 * @param maxWait for a connection while all are in use
 * @param maxWaiting calls that wait for a connection to one address
 * @param maxMessageSize of the answer, also when it is decompressed
 * @param maxHeaderSize of the metadata of an answer
 * @param compression how messages are compressed
 * @param propagation whether calls carry the context of the request for which they are made
 * @param headers metadata that every call has
 * @param tls files for TLS
 * @param policies what happens when calls fail
 */
public record GrpcClientConfig(
        @Doc(
                "Where the service is, such as http://inventory:8080 or https://inventory:8443; http means HTTP/2 in clear text.")
        Optional<URI> url,

        @Doc("Instances of the service as host:port; the addresses of the URL's host if not set.")
        List<String> addresses,

        @Doc("Name of the DNS records of type SRV that list the instances, such as _grpc._tcp.inventory.example.com.")
        Optional<String> srv,

        @Doc("Where this client runs; instances in the same zone are preferred.") @Default("")
        String zone,

        @Doc("How long addresses are used before they are found again.") @Default("30s") @Range(min = "1s", max = "1h")
        Duration dnsRefresh,

        @Doc("How long a unary call may take with all of its attempts, if its options have no deadline.")
        @Default("30s")
        @Range(min = "1ms", max = "1h")
        Duration timeout,

        @Doc("How long it may take to connect, TLS included.") @Default("2s") @Range(min = "1ms", max = "5m")
        Duration connectTimeout,

        @Doc(
                "How long a connection with calls in flight may be silent before a PING checks it. Many servers end connections that send PINGs more often than every 5m.")
        @Default("5m")
        @Range(min = "10s", max = "1d")
        Duration keepAlive,

        @Doc("How long a connection is kept without a call.") @Default("5m") @Range(min = "10ms", max = "1d")
        Duration idleTimeout,

        @Doc("How many connections to one address may be open; each carries up to 100 calls at a time.")
        @Default("64")
        @Range(min = "1", max = "65535")
        int maxConnections,

        @Doc("How long a call may wait for a connection while all are in use.")
        @Default("2s")
        @Range(min = "0s", max = "5m")
        Duration maxWait,

        @Doc("How many calls may wait for a connection to one address.") @Default("1000") @Range(min = "0")
        int maxWaiting,

        @Doc("The largest message of an answer, also when it is decompressed.")
        @Default("4MiB")
        @Range(min = "1KiB", max = "1GiB")
        Size maxMessageSize,

        @Doc("The largest metadata of an answer.") @Default("16KiB") @Range(min = "1KiB", max = "1MiB")
        Size maxHeaderSize,

        @Doc("How messages are compressed: off or gzip; compressed answers are accepted in either case.")
        @Default("off")
        Compression compression,

        @Doc("Whether calls carry the id, the trace and the baggage of the request in progress.") @Default("true")
        boolean propagation,

        @Doc("Metadata that every call has.") Map<String, String> headers,
        @Doc("Files for TLS.") ClientConfig.Tls tls,
        @Doc("What happens when calls fail.") PolicyConfig policies) {
    /** How messages are compressed. */
    public enum Compression {
        /** Not at all. */
        OFF,
        /** By gzip. */
        GZIP
    }

    private static final Set<String> RESERVED = Set.of("host", "connection", "te", "content-type", "content-length");

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the URL has a path, a header is one of gRPC's own, or a policy is not one of gRPC
     */
    public GrpcClientConfig {
        addresses = List.copyOf(addresses);
        headers = Map.copyOf(headers);
        url.ifPresent(GrpcClientConfig::requireNoPath);
        headers.keySet().forEach(GrpcClientConfig::requireFree);
        if (policies.hedgeAfter().isPresent()) {
            throw new IllegalArgumentException("policies.hedge_after is set; gRPC clients do not hedge, leave it out");
        }
        if (keepAlive.isNegative() || keepAlive.isZero()) {
            throw new IllegalArgumentException("keep_alive is " + keepAlive + "; longer than 0");
        }
    }

    private static void requireNoPath(URI url) {
        String path = url.getRawPath();
        if (path != null && !path.isEmpty() && !path.equals("/")) {
            throw new IllegalArgumentException("url has a path; gRPC's paths are the names of methods, leave it out");
        }
    }

    private static void requireFree(String name) {
        String key = name.toLowerCase(Locale.ROOT);
        if (RESERVED.contains(key) || key.startsWith("grpc-") || key.startsWith(":") || key.endsWith("-bin")) {
            throw new IllegalArgumentException("header " + key + ": the client sets it or it is binary; leave it out");
        }
    }

    /** Returns the configuration of an empty section. */
    public static GrpcClientConfig defaults() {
        return Binding.defaults(GrpcClientConfig.class);
    }

    /** Returns what a client of HTTP has for the same connections and policies. */
    ClientConfig connections() {
        ClientConfig other = ClientConfig.defaults();
        return new ClientConfig(
                url,
                addresses,
                srv,
                ClientConfig.Http2.ALWAYS,
                zone,
                dnsRefresh,
                timeout,
                connectTimeout,
                other.readTimeout(),
                other.attemptTimeout(),
                idleTimeout,
                maxConnections,
                maxWait,
                maxWaiting,
                other.maxBodySize(),
                maxHeaderSize,
                other.maxRedirects(),
                other.compression(),
                propagation,
                headers,
                tls,
                policies);
    }
}
