package io.lynx.opentelemetry;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import io.lynx.config.Secret;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The push of spans to a collector: {@code lynx.opentelemetry.traces}. What is not set here may be set by a {@linkplain
 * StandardConfig standard variable}. Immutable.
 *
 * @param enabled whether spans are recorded and pushed; if it is not set, they are if there is an endpoint
 * @param endpoint the collector's URL; {@code /v1/traces} is added unless it ends with that
 * @param protocol the protocol of the collector
 * @param headers sent with each push
 * @param compression the compression of the pushes
 * @param sampler which traces are recorded
 * @param ratio the share of traces that a sampler by ratio records
 * @param queueSize spans that wait to be pushed; further ones are dropped
 * @param batchSize most spans of one push
 * @param delay longest time from the end of a span to its push
 * @param timeout the time limit of one push, answer included
 * @param certificateFile the authorities of the collector's certificate
 * @param clientCertificateFile the certificate of the service
 * @param clientKeyFile its private key
 */
public record TracesConfig(
        @Doc("Whether spans are recorded and pushed; if it is not set, they are if there is an endpoint.")
        Optional<Boolean> enabled,

        @Doc("The collector's URL; /v1/traces is added unless it ends with that.")
        Optional<URI> endpoint,

        @Doc("Protocol of the collector; only http/protobuf is supported.")
        Optional<OtlpConfig.Protocol> protocol,

        @Doc("Headers of each push, such as a token.") @Secret @Default("{}")
        Map<String, String> headers,

        @Doc(
                "Compression of the pushes; if it is not set, none to a collector at localhost or a loopback address, otherwise"
                        + " gzip.")
        Optional<OtlpConfig.Compression> compression,

        @Doc("Which traces are recorded: always_on, always_off, traceidratio, or one of these after parentbased_, which"
                + " obeys the caller's decision; parentbased_traceidratio if it is not set.")
        Optional<SamplerName> sampler,

        @Doc("Share of the traces that a sampler by ratio records; 1.0 if it is not set.") @Range(min = "0", max = "1")
        Optional<Double> ratio,

        @Doc("Spans that wait to be pushed, further ones are dropped; 8192 if it is not set.")
        @Range(min = "64", max = "1000000")
        Optional<Integer> queueSize,

        @Doc("Most spans of one push; if it is not set, a quarter of queue_size, 2048 at most.")
        @Range(min = "1", max = "10000")
        Optional<Integer> batchSize,

        @Doc("Longest time from the end of a span to its push; 2s if it is not set.") @Range(min = "10ms", max = "1m")
        Optional<Duration> delay,

        @Doc("Time limit of one push, answer included; 10s if it is not set.") @Range(min = "100ms", max = "5m")
        Optional<Duration> timeout,

        @Doc(
                "PEM file of the authorities that the collector's certificate comes from; those of the JVM if it is not set.")
        Optional<Path> certificateFile,

        @Doc("PEM file of the service's certificate, for a collector that asks for one.")
        Optional<Path> clientCertificateFile,

        @Doc("PEM file of that certificate's private key (PKCS #8).")
        Optional<Path> clientKeyFile) {
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

    /**
     * A sampler by its name in OpenTelemetry's specification.
     *
     * @param name in lower case
     */
    public record SamplerName(String name) {
        private static final String PARENT_BASED = "parentbased_";

        /** The sampler unless one is set. */
        static final SamplerName DEFAULT = new SamplerName("parentbased_traceidratio");

        /**
         * Checks the name.
         *
         * @throws IllegalArgumentException if there is no such sampler
         */
        public SamplerName {
            switch (root(name)) {
                case "always_on", "always_off", "traceidratio" -> {}
                default ->
                    throw new IllegalArgumentException("only always_on, always_off, traceidratio and these after "
                            + PARENT_BASED + " are supported");
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

        private static String root(String name) {
            return name.startsWith(PARENT_BASED) ? name.substring(PARENT_BASED.length()) : name;
        }

        Sampler sampler(double ratio) {
            Sampler root =
                    switch (root(name)) {
                        case "always_on" -> Sampler.alwaysOn();
                        case "always_off" -> Sampler.alwaysOff();
                        default -> Sampler.traceIdRatioBased(ratio);
                    };
            return name.startsWith(PARENT_BASED) ? Sampler.parentBased(root) : root;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** Never shows the headers' values. */
    @Override
    public String toString() {
        return "TracesConfig[enabled=" + enabled + ", endpoint=" + endpoint + ", headers=" + headers.keySet()
                + ", sampler=" + sampler + ", ratio=" + ratio + ", queueSize=" + queueSize + ", batchSize=" + batchSize
                + ", delay=" + delay + ", timeout=" + timeout + "]";
    }
}
