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
 * A form in which a scrape is answered: a format, and how names are written that old scrapers cannot read. Chosen by {@link
 * #of} from what the scraper accepts. Immutable; the classes of a format are loaded when it first writes.
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

    /** The formats there are, the one for people and unknown scrapers first. */
    public enum Format {
        /** The text format of Prometheus, 0.0.4. */
        TEXT("text/plain"),
        /** OpenMetrics 1.0: text with exemplars. */
        OPENMETRICS("application/openmetrics-text"),
        /** Delimited protocol buffers: the only one that shows native histograms. */
        PROTOBUF("application/vnd.google.protobuf");

        private final String mediaType;

        Format(String mediaType) {
            this.mediaType = mediaType;
        }
    }

    /** The text format, for a person at a terminal. */
    public static Exposition text() {
        return TEXT;
    }

    /**
     * What a scraper is answered with. Of the formats that its header names, the one with the highest {@code q}; of equals,
     * the one it names first (RFC 9110, 12.5.1). Nothing but text is given to whoever does not ask for more by name, and
     * text is also given to whoever accepts nothing that there is.
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

    /** The format of the body. */
    public Format format() {
        return format;
    }

    /** The value of the {@code Content-Type} header. */
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
     * Writes a scrape as it goes, and flushes.
     *
     * @param out not closed
     * @throws IOException if {@code out} does; what has been written then is of no use
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
