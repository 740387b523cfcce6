package io.lynx.opentelemetry;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The files for TLS to a collector of spans. Immutable.
 *
 * @param keys name them
 * @param variables name those that no key names
 */
record TraceFiles(TracesConfig keys, StandardConfig variables) {
    private static final String KEYS = "lynx.opentelemetry.traces.";
    private static final String ALL = "OTEL_EXPORTER_OTLP_";
    private static final String TRACES = ALL + "TRACES_";

    OtlpTls tls() {
        return new OtlpTls(
                first(
                        keys.certificateFile(),
                        "certificate_file",
                        variables.tracesCertificateFile(),
                        variables.certificateFile(),
                        "CERTIFICATE"),
                first(
                        keys.clientCertificateFile(),
                        "client_certificate_file",
                        variables.tracesClientCertificateFile(),
                        variables.clientCertificateFile(),
                        "CLIENT_CERTIFICATE"),
                first(
                        keys.clientKeyFile(),
                        "client_key_file",
                        variables.tracesClientKeyFile(),
                        variables.clientKeyFile(),
                        "CLIENT_KEY"));
    }

    private static Optional<CollectorPem> first(
            Optional<Path> byKey, String key, Optional<String> ofTraces, Optional<String> ofAll, String variable) {
        return byKey.map(file -> new CollectorPem(KEYS + key, file))
                .or(() -> named(TRACES + variable, ofTraces))
                .or(() -> named(ALL + variable, ofAll));
    }

    /** An empty variable counts as not set, as OpenTelemetry specifies. */
    private static Optional<CollectorPem> named(String variable, Optional<String> file) {
        return file.map(String::strip)
                .filter(text -> !text.isEmpty())
                .map(text -> new CollectorPem(variable, Path.of(text)));
    }

    /** Returns whether a key names a file, which must be usable then. */
    static boolean isSet(TracesConfig keys) {
        return keys.certificateFile().isPresent()
                || keys.clientCertificateFile().isPresent()
                || keys.clientKeyFile().isPresent();
    }
}
