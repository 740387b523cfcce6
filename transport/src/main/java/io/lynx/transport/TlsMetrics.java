package io.lynx.transport;

import io.lynx.metrics.Metric;
import io.lynx.metrics.MetricSource.Samples;
import java.util.List;

/** The metrics of the certificates of listeners. Stateless and thread-safe. */
public final class TlsMetrics {
    /** {@code lynx_tls_certificate_expiry_timestamp_seconds} */
    public static final Metric EXPIRY = Metric.gauge(
            "lynx_tls_certificate_expiry_timestamp_seconds",
            "When a certificate that a listener uses expires, in seconds since 1970.",
            "listener",
            "certificate");

    /** {@code lynx_tls_certificate_reloads_total} */
    public static final Metric RELOADS = Metric.counter(
            "lynx_tls_certificate_reloads_total",
            "Changes of the certificate files of a listener: loaded, or refused since they cannot be used.",
            "listener",
            "result");

    /** {@code lynx_tls_certificate_files_refused} */
    public static final Metric REFUSED = Metric.gauge(
            "lynx_tls_certificate_files_refused",
            "1 while the certificate files of a listener have changed and cannot be used, else 0.",
            "listener");

    /** All of them, in the order of the reference page. */
    public static final List<Metric> ALL = List.of(EXPIRY, RELOADS, REFUSED);

    private TlsMetrics() {}

    /** Adds the present values of a listener. */
    static void collect(String listener, CertificateStatus status, Samples out) {
        for (CertificateStatus.Used used : status.certificates()) {
            out.add(EXPIRY, (double) used.expiry().getEpochSecond(), listener, used.name());
        }
        out.add(RELOADS, (double) status.reloads(), listener, "loaded");
        out.add(RELOADS, (double) status.failures(), listener, "refused");
        out.add(REFUSED, status.problem().isEmpty() ? 0 : 1, listener);
    }
}
