package io.lynx.opentelemetry;

import io.lynx.opentelemetry.TracesConfig.SamplerName;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The settings by which spans are recorded and pushed. Each value is that of its key; without one, that of the standard variable for spans, then that
 * of the standard variable for all signals, then the default. Immutable.
 *
 * @param sampling which traces are recorded, for logs
 */
record TraceSettings(
        OtlpTarget target, Sampler sampler, String sampling, int queueSize, int batchSize, Duration delay) {
    private static final String PATH = "/v1/traces";

    /** More than the standard's default, which at 30,000 spans a second is full after a pause of 70 milliseconds. */
    private static final int QUEUE_SIZE = 8192;

    /** More than the standard's default, since each push has a fixed price: that of the HTTP client and its threads. */
    private static final int BATCH_SIZE = 2048;

    /**
     * Returns the settings; empty if no spans are recorded, which is so as long as no endpoint is set.
     *
     * @param read reports each standard variable that cannot be used
     * @throws IllegalArgumentException if a file that a key names cannot be used
     */
    static Optional<TraceSettings> of(TracesConfig keys, StandardConfig variables, VariableReader read) {
        boolean isEnabled = keys.enabled().orElseGet(() -> !isSwitchedOff(variables, read));
        URI address = isEnabled ? address(keys, variables, read) : null;
        if (address == null) {
            return Optional.empty();
        }
        Duration timeout = keys.timeout()
                .or(() -> read.millis("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", variables.tracesTimeout()))
                .or(() -> read.millis("OTEL_EXPORTER_OTLP_TIMEOUT", variables.timeout()))
                .or(() -> read.millis("OTEL_BSP_EXPORT_TIMEOUT", variables.exportTimeout()))
                .orElse(Duration.ofSeconds(10));
        OtlpConfig.Compression compression = keys.compression()
                .or(() -> compression(read, "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", variables.tracesCompression()))
                .or(() -> compression(read, "OTEL_EXPORTER_OTLP_COMPRESSION", variables.compression()))
                .orElse(isLocal(address) ? OtlpConfig.Compression.NONE : OtlpConfig.Compression.GZIP);
        SamplerName sampler = keys.sampler()
                .or(() -> read.read("OTEL_TRACES_SAMPLER", variables.tracesSampler(), SamplerName::parse))
                .orElse(SamplerName.DEFAULT);
        double ratio = keys.ratio()
                .or(() -> read.ratio("OTEL_TRACES_SAMPLER_ARG", variables.tracesSamplerArg()))
                .orElse(1.0);
        int queueSize = keys.queueSize()
                .or(() -> read.count("OTEL_BSP_MAX_QUEUE_SIZE", variables.queueSize(), 64, 1_000_000))
                .orElse(QUEUE_SIZE);
        int batchSize = keys.batchSize()
                .or(() -> read.count("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", variables.batchSize(), 1, 10_000))
                .orElse(Math.min(BATCH_SIZE, queueSize / 4));
        SSLContext tls;
        try {
            tls = new TraceFiles(keys, variables).tls().context();
        } catch (IllegalArgumentException unusable) {
            if (TraceFiles.isSet(keys)) {
                throw unusable;
            }
            read.onUnusable().accept(unusable.getMessage() + "; no spans are recorded");
            return Optional.empty();
        }
        return Optional.of(new TraceSettings(
                new OtlpTarget(address, timeout, headers(keys, variables, read), compression, "spans", tls),
                sampler.sampler(ratio),
                sampler + " " + ratio,
                queueSize,
                Math.min(batchSize, queueSize),
                keys.delay()
                        .or(() -> read.millis("OTEL_BSP_SCHEDULE_DELAY", variables.scheduleDelay()))
                        .orElse(Duration.ofSeconds(2))));
    }

    private static boolean isSwitchedOff(StandardConfig variables, VariableReader read) {
        if (variables
                .sdkDisabled()
                .map(String::strip)
                .filter("true"::equalsIgnoreCase)
                .isPresent()) {
            return true;
        }
        List<String> exporters = List.of(variables
                .tracesExporter()
                .orElse("otlp")
                .strip()
                .toLowerCase(Locale.ROOT)
                .split("\\s*,\\s*", -1));
        if (!exporters.contains("otlp") && !exporters.equals(List.of("none"))) {
            read.onUnusable()
                    .accept("OTEL_TRACES_EXPORTER: " + exporters + " is not used, so no spans are recorded; otlp or"
                            + " none is allowed");
        }
        return !exporters.contains("otlp");
    }

    /** Returns where spans are sent; null if no endpoint is set. */
    private static @Nullable URI address(TracesConfig keys, StandardConfig variables, VariableReader read) {
        if (keys.endpoint().isPresent()) {
            return withPath(keys.endpoint().get());
        }
        Optional<URI> address = read.endpoint("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", variables.tracesEndpoint())
                .or(() -> read.endpoint("OTEL_EXPORTER_OTLP_ENDPOINT", variables.endpoint())
                        .map(TraceSettings::withPath));
        boolean isUsable = keys.protocol().isPresent()
                || protocol(read, "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", variables.tracesProtocol())
                        .or(() -> protocol(read, "OTEL_EXPORTER_OTLP_PROTOCOL", variables.protocol()))
                        .orElse(true);
        return address.filter(_ -> isUsable).orElse(null);
    }

    /** Returns whether the collector is on this host, so that compression gains nothing. */
    private static boolean isLocal(URI address) {
        String host = address.getHost();
        try {
            return host.equalsIgnoreCase("localhost")
                    || InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException aName) {
            return false;
        }
    }

    private static URI withPath(URI endpoint) {
        String base = endpoint.toString();
        String trimmed = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        return URI.create(trimmed.endsWith(PATH) ? trimmed : trimmed + PATH);
    }

    /** Returns whether a protocol is supported: one that is not belongs to an endpoint that does not understand another. */
    private static Optional<Boolean> protocol(VariableReader read, String name, Optional<String> value) {
        return value.map(String::strip).map(protocol -> {
            boolean isSupported = protocol.equals(OtlpConfig.Protocol.HTTP_PROTOBUF.name());
            if (!isSupported) {
                read.onUnusable()
                        .accept(name + ": '" + protocol + "' is not supported, so no spans are recorded; set "
                                + "http/protobuf and the collector's port for it, usually 4318");
            }
            return isSupported;
        });
    }

    private static Optional<OtlpConfig.Compression> compression(
            VariableReader read, String name, Optional<String> value) {
        return read.read(name, value, text -> switch (text) {
            case "gzip" -> OtlpConfig.Compression.GZIP;
            case "none" -> OtlpConfig.Compression.NONE;
            default -> throw new IllegalArgumentException("gzip or none is allowed");
        });
    }

    private static Map<String, String> headers(TracesConfig keys, StandardConfig variables, VariableReader read) {
        return keys.headers().isEmpty()
                ? read.headers("OTEL_EXPORTER_OTLP_TRACES_HEADERS", variables.tracesHeaders())
                        .or(() -> read.headers("OTEL_EXPORTER_OTLP_HEADERS", variables.headers()))
                        .orElse(Map.of())
                : keys.headers();
    }
}
