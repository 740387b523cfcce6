package io.lynx.systemtest.prometheus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Where the repository keeps what it ships for operators. */
public final class Ops {
    /** The root of the repository. */
    public static final Path ROOT =
            Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());

    public static final Path RULES = ROOT.resolve("ops/prometheus/rules");
    public static final Path RULE_TESTS = ROOT.resolve("ops/prometheus/tests");
    public static final Path PROMETHEUS_CONFIG = ROOT.resolve("ops/prometheus/prometheus.yml");
    public static final Path DASHBOARDS = ROOT.resolve("ops/grafana");
    public static final Path RUNBOOKS = ROOT.resolve("docs/runbooks");

    private Ops() {}

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
