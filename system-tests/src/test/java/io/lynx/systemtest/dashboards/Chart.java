package io.lynx.systemtest.dashboards;

import com.google.errorprone.annotations.FormatMethod;
import io.lynx.systemtest.dashboards.Line.Point;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Draws series over a time as SVG: as lines, or as strips of colour. Immutable. */
final class Chart {
    static final List<String> COLOURS = List.of(
            "#5794f2", "#73bf69", "#f2cc0c", "#ff780a", "#b877d9", "#8ab8ff", "#f2495c", "#37872d", "#fade2a",
            "#96d98d");
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int SCALE = 70;
    private static final int NAMES = 240;
    private static final int BOTTOM = 20;
    private static final int TOP = 8;
    private static final int GRID = 4;

    private final double from;
    private final double to;
    private final int width;
    private final int height;
    private final int left;

    /** Lines that have a unit in common. */
    record Group(String unit, List<Line> lines) {}

    /** A chart from one time to another, in seconds since 1970, of so many pixels. */
    Chart(double from, double to, int width, int height) {
        this(from, to, width, height, SCALE);
    }

    private Chart(double from, double to, int width, int height, int left) {
        this.left = left;
        this.from = from;
        this.to = to;
        this.width = width;
        this.height = height;
    }

    /**
     * Lines; gaps where a value is no number. The scale of the first group stands on the left, that of a second one on the
     * right.
     *
     * @param isStacked whether each line stands on those before it
     */
    String lines(List<Group> groups, boolean isStacked) {
        StringBuilder svg = open();
        times(svg);
        int colour = 0;
        for (int g = 0; g < groups.size(); g++) {
            Group group = groups.get(g);
            double[] range = range(group.lines(), isStacked);
            scale(svg, group.unit(), range, g == 0 ? left - 6 : width);
            Map<Double, Double> below = new HashMap<>();
            for (Line line : group.lines()) {
                svg.append(path(line, COLOURS.get(colour++ % COLOURS.size()), range, isStacked ? below : null));
            }
        }
        return svg.append("</svg>").toString();
    }

    private void scale(StringBuilder svg, String unit, double[] range, int end) {
        for (int i = 0; i <= GRID; i++) {
            double value = range[0] + (range[1] - range[0]) * i / GRID;
            double y = y(value, range);
            svg.append(text("<line x1='%d' y1='%.1f' x2='%d' y2='%.1f' class='grid'/>", left, y, width, y))
                    .append(text(
                            "<text x='%d' y='%.1f' text-anchor='end'>%s</text>",
                            end, y + 4, Page.escape(Units.format(unit, value))));
        }
    }

    private String path(Line line, String colour, double[] range, @Nullable Map<Double, Double> below) {
        StringBuilder path = new StringBuilder();
        boolean isDown = false;
        double before = 0;
        for (Point point : line.points()) {
            double value = point.value();
            if (Double.isNaN(value) || Double.isInfinite(value)) {
                isDown = false;
                continue;
            }
            if (below != null) {
                value = below.merge(point.at(), value, Double::sum);
            }
            boolean isGap = point.at() - before > (to - from) / 20;
            path.append(text("%s%.1f,%.1f ", isDown && !isGap ? "L" : "M", x(point.at()), y(value, range)));
            isDown = true;
            before = point.at();
        }
        return "<path d='" + path + "' fill='none' stroke='" + colour + "' stroke-width='1.5'/>";
    }

    /** A strip for each series, coloured by its value, with its name before it. */
    String strips(List<Line> lines, Values values) {
        return new Chart(from, to, width, height, Math.min(NAMES, width / 3)).namedStrips(lines, values);
    }

    private String namedStrips(List<Line> lines, Values values) {
        StringBuilder svg = open();
        double row = (double) (height - TOP - BOTTOM) / Math.max(1, lines.size());
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            double y = TOP + i * row;
            for (int p = 0; p < line.points().size(); p++) {
                Point point = line.points().get(p);
                boolean isLast = p + 1 == line.points().size();
                double end = isLast
                        ? Math.min(to, point.at() + 1)
                        : line.points().get(p + 1).at();
                svg.append(text(
                        "<rect x='%.1f' y='%.1f' width='%.1f' height='%.1f' fill='%s'/>",
                        x(point.at()),
                        y + 2,
                        Math.max(1, x(end) - x(point.at())),
                        Math.max(2, row - 4),
                        values.colour(point.value())));
            }
            svg.append(text(
                    "<text x='0' y='%.1f'>%s: %s</text>",
                    y + row / 2 + 4, Page.escape(line.name()), Page.escape(values.text(line.last()))));
        }
        times(svg);
        return svg.append("</svg>").toString();
    }

    /** A row for each series, the darker the larger its value is. */
    String heat(List<Line> lines, String unit) {
        double most = lines.stream()
                .flatMap(line -> line.points().stream())
                .mapToDouble(Point::value)
                .filter(Double::isFinite)
                .max()
                .orElse(1);
        StringBuilder svg = open();
        double row = (double) (height - TOP - BOTTOM) / Math.max(1, lines.size());
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            double y = height - BOTTOM - (i + 1) * row;
            svg.append(text(
                    "<text x='%d' y='%.1f' text-anchor='end'>%s</text>",
                    left - 6, y + row / 2 + 4, Page.escape(line.name())));
            for (int p = 0; p + 1 < line.points().size(); p++) {
                Point point = line.points().get(p);
                double share = most <= 0 || !Double.isFinite(point.value()) ? 0 : point.value() / most;
                if (share > 0) {
                    svg.append(text(
                            "<rect x='%.1f' y='%.1f' width='%.1f' height='%.1f' fill='#ff780a' fill-opacity='%.2f'/>",
                            x(point.at()),
                            y,
                            x(line.points().get(p + 1).at()) - x(point.at()),
                            row,
                            0.1 + 0.9 * Math.sqrt(share)));
                }
            }
        }
        times(svg);
        svg.append(text(
                "<text x='%d' y='%d' text-anchor='end'>most: %s</text>",
                width - 4, TOP + 8, Page.escape(Units.format(unit, most))));
        return svg.append("</svg>").toString();
    }

    private StringBuilder open() {
        return new StringBuilder(text("<svg viewBox='0 0 %d %d' width='100%%'>", width, height));
    }

    private void times(StringBuilder svg) {
        for (int i = 0; i < GRID; i++) {
            double at = from + (to - from) * i / GRID;
            svg.append(text(
                    "<text x='%.1f' y='%d'>%s</text>",
                    x(at), height - 4, CLOCK.format(Instant.ofEpochSecond((long) at))));
        }
    }

    private double x(double at) {
        return left + (at - from) / (to - from) * (width - left);
    }

    private double y(double value, double[] range) {
        return height - BOTTOM - (value - range[0]) / (range[1] - range[0]) * (height - BOTTOM - TOP);
    }

    private static double[] range(List<Line> lines, boolean isStacked) {
        Map<Double, Double> sums = new HashMap<>();
        double least = 0;
        double most = 0;
        for (Line line : lines) {
            for (Point point : line.points()) {
                if (Double.isFinite(point.value())) {
                    double value = isStacked ? sums.merge(point.at(), point.value(), Double::sum) : point.value();
                    least = Math.min(least, value);
                    most = Math.max(most, value);
                }
            }
        }
        return new double[] {least, most <= least ? least + 1 : most};
    }

    @FormatMethod
    private static String text(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
