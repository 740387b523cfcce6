package io.lynx.opentelemetry;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Env;
import io.lynx.config.Range;
import io.lynx.config.Secret;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The push of spans to a collector: {@code lynx.opentelemetry.traces}. Immutable.
 *
 * @param enabled whether spans are recorded and pushed
 * @param endpoint the collector's URL; that of {@code otlp} with {@code /v1/traces} if it is not set
 * @param protocol the protocol of the collector
 * @param headers sent with each push; those of {@code otlp} if there are none
 * @param sampler which traces are recorded
 * @param samplerArg the share of traces that a sampler by ratio records
 * @param queueSize spans that wait to be pushed; further ones are dropped
 * @param delay from a span to its push
 * @param timeout the time limit of one push, answer included
 */
public record TracesConfig(
        @Doc("Whether spans are recorded and pushed to a collector.") @Default("false")
        boolean enabled,

        @Doc("The collector's URL; that of otlp with /v1/traces if it is not set.")
        @Env("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
        Optional<URI> endpoint,

        @Doc("Protocol of the collector; only http/protobuf is supported.")
        @Default("http/protobuf")
        @Env("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL")
        OtlpConfig.Protocol protocol,

        @Doc("Headers of each push, such as a token; those of otlp if there are none.") @Secret @Default("{}")
        Map<String, String> headers,

        @Doc("Which traces are recorded: always_on, always_off, traceidratio, or one of these after parentbased_.")
        @Default("parentbased_always_on")
        @Env("OTEL_TRACES_SAMPLER")
        SamplerName sampler,

        @Doc("Share of the traces that a sampler by ratio records.")
        @Default("1.0")
        @Range(min = "0", max = "1")
        @Env("OTEL_TRACES_SAMPLER_ARG")
        double samplerArg,

        @Doc("Spans that wait to be pushed; further ones are dropped.")
        @Default("2048")
        @Range(min = "64", max = "1000000")
        @Env("OTEL_BSP_MAX_QUEUE_SIZE")
        int queueSize,

        @Doc("Longest time from the end of a span to its push.") @Default("2s") @Range(min = "100ms", max = "1m")
        Duration delay,

        @Doc("Time limit of one push, answer included.") @Default("10s") @Range(min = "100ms", max = "5m")
        Duration timeout) {
    private static final String PATH = "/v1/traces";
    private static final String METRICS_PATH = "/v1/metrics";

    /**
     * Copies the headers.
     *
     * @throws IllegalArgumentException if the endpoint is not an HTTP URL, or a header cannot be sent
     */
    public TracesConfig {
        headers = Map.copyOf(headers);
        endpoint.ifPresent(OtlpConfig::requireHttp);
        headers.forEach(OtlpConfig::requireSendable);
    }

    /** Returns where spans are sent; what is not set here is as in {@code shared}. */
    OtlpTarget target(OtlpConfig shared) {
        String base = endpoint.map(URI::toString).orElseGet(() -> without(METRICS_PATH, shared.endpoint().toString()));
        String trimmed = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        URI address = URI.create(trimmed.endsWith(PATH) ? trimmed : trimmed + PATH);
        return new OtlpTarget(
                address, timeout, headers.isEmpty() ? shared.headers() : headers, shared.compression(), "spans");
    }

    private static String without(String path, String url) {
        return url.endsWith(path) ? url.substring(0, url.length() - path.length()) : url;
    }

    /**
     * A sampler by its name in OpenTelemetry's specification.
     *
     * @param name in lower case
     */
    public record SamplerName(String name) {
        private static final String PARENT_BASED = "parentbased_";

        /**
         * Checks the name.
         *
         * @throws IllegalArgumentException if there is no such sampler
         */
        public SamplerName {
            switch (name.startsWith(PARENT_BASED) ? name.substring(PARENT_BASED.length()) : name) {
                case "always_on", "always_off", "traceidratio" -> {}
                default ->
                    throw new IllegalArgumentException("always_on, always_off, traceidratio, or one of these after "
                            + PARENT_BASED + " is allowed");
            }
        }

        /**
         * Returns the sampler of that name.
         *
         * @throws IllegalArgumentException if there is none
         */
        public static SamplerName parse(String name) {
            return new SamplerName(name.toLowerCase(Locale.ROOT));
        }

        Sampler sampler(double ratio) {
            boolean isParentBased = name.startsWith(PARENT_BASED);
            Sampler root = switch (isParentBased ? name.substring(PARENT_BASED.length()) : name) {
                case "always_on" -> Sampler.alwaysOn();
                case "always_off" -> Sampler.alwaysOff();
                default -> Sampler.traceIdRatioBased(ratio);
            };
            return isParentBased ? Sampler.parentBased(root) : root;
        }
    }

    /** Never shows the headers' values. */
    @Override
    public String toString() {
        return "TracesConfig[enabled=" + enabled + ", endpoint=" + endpoint + ", protocol=" + protocol + ", headers="
                + headers.keySet() + ", sampler=" + sampler.name() + ", samplerArg=" + samplerArg + ", queueSize="
                + queueSize + ", delay=" + delay + ", timeout=" + timeout + "]";
    }
}
