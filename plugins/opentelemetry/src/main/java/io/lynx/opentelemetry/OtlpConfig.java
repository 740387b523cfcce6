package io.lynx.opentelemetry;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import io.lynx.config.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where all metrics are pushed: {@code lynx.opentelemetry.otlp}. Immutable.
 *
 * @param enabled whether they are
 * @param endpoint a collector's address; {@code /v1/metrics} is added unless it ends so
 * @param interval from one push to the next
 * @param timeout how long one push may take, answer included
 * @param headers sent with each push
 * @param protocol how it is spoken to
 * @param compression of what is sent
 */
public record OtlpConfig(
        @Doc("Whether all metrics are pushed to a collector.") @Default("false")
        boolean enabled,

        @Doc("A collector's address; /v1/metrics is added unless it ends so.") @Default("http://localhost:4318")
        URI endpoint,

        @Doc("From one push to the next.") @Default("60s") @Range(min = "1s", max = "1h")
        Duration interval,

        @Doc("How long one push may take, answer included.") @Default("10s") @Range(min = "100ms", max = "5m")
        Duration timeout,

        @Doc("Headers of each push, such as a token.") @Secret @Default("{}")
        Map<String, String> headers,

        @Doc("How the collector is spoken to; http/protobuf.") @Default("http/protobuf")
        Protocol protocol,

        @Doc("How what is sent is compressed.") @Default("gzip")
        Compression compression) {
    private static final String PATH = "/v1/metrics";
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e\\t]*");

    /** Set by the client itself, or with a meaning of their own on the way. */
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
     * @throws IllegalArgumentException if the endpoint is no HTTP address, or a header cannot be sent
     */
    public OtlpConfig {
        headers = Map.copyOf(headers);
        requireHttp(endpoint);
        headers.forEach(OtlpConfig::requireSendable);
    }

    private static void requireHttp(URI endpoint) {
        String scheme = endpoint.getScheme() == null ? "" : endpoint.getScheme().toLowerCase(Locale.ROOT);
        boolean isHttp = scheme.equals("http") || scheme.equals("https");
        boolean isBare = endpoint.getRawUserInfo() == null
                && endpoint.getRawQuery() == null
                && endpoint.getRawFragment() == null;
        if (!isHttp || endpoint.getHost() == null || endpoint.getPort() == 0 || endpoint.getPort() > 65535 || !isBare) {
            throw new IllegalArgumentException(
                    "endpoint: '" + endpoint
                            + "'; http:// or https:// with a host, and a port and a path at most, such as http://collector:4318");
        }
    }

    private static void requireSendable(String name, String value) {
        if (!TOKEN.matcher(name).matches() || RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(
                    "headers: '" + name + "'; a header's name that the client does not set itself");
        }
        if (!VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException("headers: the value of '" + name + "'; printable ASCII");
        }
    }

    /** Where a push goes. */
    public URI address() {
        String given = endpoint.toString();
        String base = given.endsWith("/") ? given.substring(0, given.length() - 1) : given;
        return base.endsWith(PATH) ? URI.create(base) : URI.create(base + PATH);
    }

    /**
     * How a collector is spoken to.
     *
     * @param name in OpenTelemetry's specification
     */
    public record Protocol(String name) {
        /** Protocol buffers over HTTP, the one that is spoken. */
        public static final Protocol HTTP_PROTOBUF = new Protocol("http/protobuf");

        /**
         * Checks the name.
         *
         * @throws IllegalArgumentException if that protocol is not spoken here
         */
        public Protocol {
            if (!name.equals("http/protobuf")) {
                throw new IllegalArgumentException("http/protobuf is the one that is spoken");
            }
        }

        /**
         * The protocol of that name.
         *
         * @throws IllegalArgumentException if it is not spoken here
         */
        public static Protocol parse(String name) {
            return new Protocol(name);
        }
    }

    /** How what is sent is compressed. */
    public enum Compression {
        /** Not at all. */
        NONE,
        /** As gzip does. */
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
