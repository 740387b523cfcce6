package io.lynx.opentelemetry;

import io.lynx.config.Doc;
import io.lynx.config.Env;
import io.lynx.config.Secret;
import java.util.Optional;

/**
 * What OpenTelemetry's standard environment variables say: {@code lynx.opentelemetry.standard}. A key of {@code
 * lynx.opentelemetry.traces} or {@code lynx.opentelemetry.resource} that is set wins over them. They are texts, as a platform often
 * sets them for all of its services: one that cannot be used is logged, and the service starts all the same. Immutable.
 *
 * @param sdkDisabled {@code true} switches the traces off
 * @param serviceName the attribute {@code service.name}
 * @param resourceAttributes attributes of the service
 * @param tracesExporter {@code none} switches the traces off
 * @param tracesSampler which traces are recorded
 * @param tracesSamplerArg the share that a sampler by ratio records
 * @param endpoint the collector's URL, without the path of the signal
 * @param tracesEndpoint the URL that spans are sent to
 * @param headers sent with each push
 * @param tracesHeaders sent with each push of spans
 * @param protocol of the collector
 * @param tracesProtocol of the collector, for spans
 * @param compression of pushes
 * @param tracesCompression of pushes of spans
 * @param timeout of a push, in milliseconds
 * @param tracesTimeout of a push of spans, in milliseconds
 * @param scheduleDelay from the end of a span to its push, in milliseconds
 * @param queueSize spans that wait to be pushed
 * @param batchSize spans of one push
 * @param exportTimeout of a push of spans, in milliseconds
 * @param certificateFile the authorities of the collector's certificate
 * @param tracesCertificateFile the same, for spans
 * @param clientCertificateFile the certificate of the service
 * @param tracesClientCertificateFile the same, for spans
 * @param clientKeyFile the private key of that certificate
 * @param tracesClientKeyFile the same, for spans
 * @param propagators the formats in which the context is passed on
 */
public record StandardConfig(
        @Doc("true: no spans are recorded.") @Env("OTEL_SDK_DISABLED")
        Optional<String> sdkDisabled,

        @Doc("The attribute service.name, in place of lynx.application.name.") @Env("OTEL_SERVICE_NAME")
        Optional<String> serviceName,

        @Doc("Attributes of the service: name=value, separated by commas.") @Env("OTEL_RESOURCE_ATTRIBUTES")
        Optional<String> resourceAttributes,

        @Doc("none: no spans are recorded.") @Env("OTEL_TRACES_EXPORTER")
        Optional<String> tracesExporter,

        @Doc("As traces.sampler.") @Env("OTEL_TRACES_SAMPLER")
        Optional<String> tracesSampler,

        @Doc("As traces.ratio.") @Env("OTEL_TRACES_SAMPLER_ARG")
        Optional<String> tracesSamplerArg,

        @Doc("As traces.endpoint; it also sets otlp.endpoint.") @Env("OTEL_EXPORTER_OTLP_ENDPOINT")
        Optional<String> endpoint,

        @Doc("The URL that spans are sent to, as it is.") @Env("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
        Optional<String> tracesEndpoint,

        @Doc("As traces.headers: name=value, separated by commas.") @Secret @Env("OTEL_EXPORTER_OTLP_HEADERS")
        Optional<String> headers,

        @Doc("As headers; wins over them.") @Secret @Env("OTEL_EXPORTER_OTLP_TRACES_HEADERS")
        Optional<String> tracesHeaders,

        @Doc("As traces.protocol.") @Env("OTEL_EXPORTER_OTLP_PROTOCOL")
        Optional<String> protocol,

        @Doc("As protocol; wins over it.") @Env("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL")
        Optional<String> tracesProtocol,

        @Doc("As traces.compression.") @Env("OTEL_EXPORTER_OTLP_COMPRESSION")
        Optional<String> compression,

        @Doc("As compression; wins over it.") @Env("OTEL_EXPORTER_OTLP_TRACES_COMPRESSION")
        Optional<String> tracesCompression,

        @Doc("As traces.timeout, in milliseconds.") @Env("OTEL_EXPORTER_OTLP_TIMEOUT")
        Optional<String> timeout,

        @Doc("As timeout; wins over it.") @Env("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT")
        Optional<String> tracesTimeout,

        @Doc("As traces.delay, in milliseconds.") @Env("OTEL_BSP_SCHEDULE_DELAY")
        Optional<String> scheduleDelay,

        @Doc("As traces.queue_size.") @Env("OTEL_BSP_MAX_QUEUE_SIZE")
        Optional<String> queueSize,

        @Doc("As traces.batch_size.") @Env("OTEL_BSP_MAX_EXPORT_BATCH_SIZE")
        Optional<String> batchSize,

        @Doc("As timeout, which wins over it.") @Env("OTEL_BSP_EXPORT_TIMEOUT")
        Optional<String> exportTimeout,

        @Doc("As traces.certificate_file; it also sets otlp.certificate_file.") @Env("OTEL_EXPORTER_OTLP_CERTIFICATE")
        Optional<String> certificateFile,

        @Doc("As certificate_file; wins over it.") @Env("OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE")
        Optional<String> tracesCertificateFile,

        @Doc("As traces.client_certificate_file; it also sets otlp.client_certificate_file.")
        @Env("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE")
        Optional<String> clientCertificateFile,

        @Doc("As client_certificate_file; wins over it.") @Env("OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE")
        Optional<String> tracesClientCertificateFile,

        @Doc("As traces.client_key_file; it also sets otlp.client_key_file.") @Env("OTEL_EXPORTER_OTLP_CLIENT_KEY")
        Optional<String> clientKeyFile,

        @Doc("As client_key_file; wins over it.") @Env("OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY")
        Optional<String> tracesClientKeyFile,

        @Doc(
                "Formats of the context in headers; only tracecontext and baggage are supported, and both are always used.")
        @Env("OTEL_PROPAGATORS")
        Optional<String> propagators) {
    /** Never shows the headers. */
    @Override
    public String toString() {
        return "StandardConfig[sdkDisabled=" + sdkDisabled + ", serviceName=" + serviceName + ", tracesSampler="
                + tracesSampler + ", endpoint=" + endpoint + ", tracesEndpoint=" + tracesEndpoint + "]";
    }
}
