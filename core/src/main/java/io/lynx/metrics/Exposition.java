package io.lynx.metrics;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusProtobufWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The representation of a scrape: a format, and the escaping of names that old scrapers cannot read. {@link #of} selects it
 * by what the scraper accepts. Immutable; the classes of a format are loaded when it writes for the first time.
 */
public final class Exposition {
    private static final Exposition TEXT = new Exposition(Format.TEXT, null, null);

    private final Format format;
    private final @Nullable String version;
    private final EscapingScheme escaping;
    private final boolean showsEscaping;

    private Exposition(Format format, @Nullable String version, @Nullable EscapingScheme escaping) {
        this.format = format;
        this.version = version;
        this.escaping = escaping == null ? EscapingScheme.DEFAULT : escaping;
        this.showsEscaping = escaping != null;
    }

    /** The formats. */
    enum Format {
        /** The text format of Prometheus, 0.0.4. */
        TEXT("text/plain"),
        /** OpenMetrics 1.0: text with exemplars. */
        OPENMETRICS("application/openmetrics-text"),
        /** Delimited protocol buffers: the only format that exposes native histograms. */
        PROTOBUF("application/vnd.google.protobuf");

        private final String mediaType;

        Format(String mediaType) {
            this.mediaType = mediaType;
        }
    }

    /** Returns the text format. */
    public static Exposition text() {
        return TEXT;
    }

    /**
     * Returns the representation for a scraper: of the formats that its header names, the one with the highest {@code q},
     * and of equals the first (RFC 9110, 12.5.1). It is text unless the header names another format, and also if the header
     * accepts none of the formats.
     *
     * @param accept the value of the {@code Accept} header; several are joined by a comma. Null if there is none
     */
    public static Exposition of(@Nullable String accept) {
        if (accept == null || accept.isBlank()) {
            return TEXT;
        }
        Exposition best = TEXT;
        double highest = 0;
        List<MediaRange> ranges = MediaRange.parse(accept);
        for (MediaRange range : ranges) {
            Exposition offered = offer(range);
            if (offered != null && range.quality() > highest) {
                best = offered;
                highest = range.quality();
            }
        }
        return best;
    }

    private static @Nullable Exposition offer(MediaRange range) {
        EscapingScheme escaping = escaping(range.parameter("escaping"));
        String version = range.parameter("version");
        return switch (range.type()) {
            case "*/*", "text/*" -> TEXT;
            case "text/plain" ->
                version == null || version.equals("0.0.4") || version.equals("1.0.0")
                        ? new Exposition(Format.TEXT, version, escaping)
                        : null;
            case "application/openmetrics-text" ->
                version == null || version.equals("1.0.0") || version.equals("0.0.1")
                        ? new Exposition(Format.OPENMETRICS, version, escaping)
                        : null;
            case "application/vnd.google.protobuf" ->
                "io.prometheus.client.MetricFamily".equals(range.parameter("proto"))
                                && "delimited".equals(range.parameter("encoding"))
                        ? new Exposition(Format.PROTOBUF, null, escaping)
                        : null;
            default -> null;
        };
    }

    private static @Nullable EscapingScheme escaping(@Nullable String name) {
        for (EscapingScheme scheme : EscapingScheme.values()) {
            if (scheme.getValue().equals(name)) {
                return scheme;
            }
        }
        return null;
    }

    /** Returns the format of the body. */
    Format format() {
        return format;
    }

    /** Returns the value of the {@code Content-Type} header. */
    public String contentType() {
        String type =
                switch (format) {
                    case TEXT ->
                        format.mediaType + "; version=" + (version == null ? "0.0.4" : version) + "; charset=utf-8";
                    case OPENMETRICS ->
                        format.mediaType + "; version=" + (version == null ? "1.0.0" : version) + "; charset=utf-8";
                    case PROTOBUF -> format.mediaType + "; proto=io.prometheus.client.MetricFamily; encoding=delimited";
                };
        return showsEscaping ? type + escaping.toHeaderFormat() : type;
    }

    /**
     * Writes a scrape to the stream and flushes it.
     *
     * @param out is not closed
     * @throws IOException if writing fails; what was written by then is incomplete
     */
    public void write(MetricSnapshots scraped, OutputStream out) throws IOException {
        writer().write(out, scraped, escaping);
        out.flush();
    }

    private ExpositionFormatWriter writer() {
        return switch (format) {
            case TEXT -> PrometheusTextFormatWriter.create();
            case OPENMETRICS -> OpenMetricsTextFormatWriter.create();
            case PROTOBUF -> new PrometheusProtobufWriter();
        };
    }

    @Override
    public String toString() {
        return contentType();
    }
}
