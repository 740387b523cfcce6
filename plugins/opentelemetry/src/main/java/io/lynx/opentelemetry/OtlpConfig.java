package io.lynx.opentelemetry;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Env;
import io.lynx.config.Range;
import io.lynx.config.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The push of all metrics to a collector: {@code lynx.opentelemetry.otlp}. Immutable.
 *
 * @param enabled whether metrics are pushed
 * @param endpoint the collector's URL; {@code /v1/metrics} is added unless it ends with that
 * @param interval from one push to the next
 * @param timeout the time limit of one push, answer included
 * @param headers sent with each push
 * @param protocol the protocol of the collector
 * @param compression the compression of the request
 * @param certificateFile the authorities of the collector's certificate
 * @param clientCertificateFile the certificate of the service
 * @param clientKeyFile its private key
 */
public record OtlpConfig(
        @Doc("Whether all metrics are pushed to a collector.") @Default("false")
        boolean enabled,

        @Doc("The collector's URL; /v1/metrics is added unless it ends with that.")
        @Default("http://localhost:4318")
        @Env("OTEL_EXPORTER_OTLP_ENDPOINT")
        URI endpoint,

        @Doc("Time between two pushes.") @Default("60s") @Range(min = "1s", max = "1h")
        Duration interval,

        @Doc("Time limit of one push, answer included.") @Default("10s") @Range(min = "100ms", max = "5m")
        Duration timeout,

        @Doc("Headers of each push, such as a token.") @Secret @Default("{}")
        Map<String, String> headers,

        @Doc("Protocol of the collector; only http/protobuf is supported.") @Default("http/protobuf")
        Protocol protocol,

        @Doc("Compression of the pushes.") @Default("gzip") Compression compression,

        @Doc(
                "PEM file of the authorities that the collector's certificate comes from; those of the JVM if it is not set.")
        @Env("OTEL_EXPORTER_OTLP_CERTIFICATE")
        Optional<Path> certificateFile,

        @Doc("PEM file of the service's certificate, for a collector that asks for one.")
        @Env("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE")
        Optional<Path> clientCertificateFile,

        @Doc("PEM file of that certificate's private key (PKCS #8).") @Env("OTEL_EXPORTER_OTLP_CLIENT_KEY")
        Optional<Path> clientKeyFile) {
    private static final String PATH = "/v1/metrics";
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e\\t]*");

    /** Headers that the client sets itself, or that have a meaning for connections or proxies. */
    private static final Set<String> RESERVED = Set.of(
            "connection",
            "content-encoding",
            "content-length",
            "content-type",
            "expect",
            "host",
            "transfer-encoding",
            "upgrade");

    /**
     * Copies the headers.
     *
     * @throws IllegalArgumentException if the endpoint is not an HTTP URL, or a header cannot be sent
     */
    public OtlpConfig {
        headers = Map.copyOf(headers);
        requireHttp(endpoint);
        headers.forEach(OtlpConfig::requireSendable);
    }

    static void requireHttp(URI endpoint) {
        String scheme = endpoint.getScheme() == null ? "" : endpoint.getScheme().toLowerCase(Locale.ROOT);
        boolean isHttp = scheme.equals("http") || scheme.equals("https");
        boolean isBare = endpoint.getRawUserInfo() == null
                && endpoint.getRawQuery() == null
                && endpoint.getRawFragment() == null;
        if (!isHttp || endpoint.getHost() == null || endpoint.getPort() == 0 || endpoint.getPort() > 65535 || !isBare) {
            throw new IllegalArgumentException("endpoint: '" + endpoint
                    + "'; write http:// or https:// with a host, optionally a port and a path, such as"
                    + " http://collector:4318");
        }
    }

    static void requireSendable(String name, String value) {
        if (!TOKEN.matcher(name).matches() || RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(
                    "headers: '" + name + "'; not a valid name, or one that the client sets itself");
        }
        if (!VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException("headers: the value of '" + name + "'; write printable ASCII");
        }
    }

    /** Returns the URL that pushes are sent to. */
    public URI address() {
        String given = endpoint.toString();
        String base = given.endsWith("/") ? given.substring(0, given.length() - 1) : given;
        return base.endsWith(PATH) ? URI.create(base) : URI.create(base + PATH);
    }

    /**
     * Returns where pushes are sent.
     *
     * @throws IllegalArgumentException if a file of the TLS cannot be used
     */
    OtlpTarget target() {
        OtlpTls tls = new OtlpTls(
                pem("certificate_file", certificateFile),
                pem("client_certificate_file", clientCertificateFile),
                pem("client_key_file", clientKeyFile));
        return new OtlpTarget(address(), timeout, headers, compression, "points", tls.context());
    }

    private static Optional<CollectorPem> pem(String name, Optional<Path> file) {
        return file.map(present -> new CollectorPem("lynx.opentelemetry.otlp." + name, present));
    }

    /**
     * The protocol of a collector.
     *
     * @param name its name in OpenTelemetry's specification
     */
    public record Protocol(String name) {
        /** Protocol buffers over HTTP, the only one that is supported. */
        public static final Protocol HTTP_PROTOBUF = new Protocol("http/protobuf");

        /**
         * Checks the name.
         *
         * @throws IllegalArgumentException if that protocol is not supported
         */
        public Protocol {
            if (!name.equals("http/protobuf")) {
                throw new IllegalArgumentException("only http/protobuf is supported");
            }
        }

        /**
         * Returns the protocol of that name.
         *
         * @throws IllegalArgumentException if it is not supported
         */
        public static Protocol parse(String name) {
            return new Protocol(name);
        }
    }

    /** Compression of the pushes. */
    public enum Compression {
        /** No compression. */
        NONE,
        /** gzip. */
        GZIP
    }

    /** Never shows the headers' values. */
    @Override
    public String toString() {
        return "OtlpConfig[enabled=" + enabled + ", endpoint=" + endpoint + ", interval=" + interval + ", timeout="
                + timeout + ", headers=" + headers.keySet() + ", protocol=" + protocol + ", compression=" + compression
                + "]";
    }
}
