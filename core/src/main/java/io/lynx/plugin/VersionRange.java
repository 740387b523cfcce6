package io.lynx.plugin;

import java.util.ArrayList;
import java.util.List;

/**
 * A set of versions: {@code *} (all), {@code ^1.4} (from 1.4.0 up to the next major version), {@code ~1.4} (up to the next
 * minor version), {@code 1.4.2} (only that one), or comparisons that must all hold, such as {@code >=1.4 <2.1}. Immutable.
 */
public final class VersionRange {
    private final String text;
    private final List<Bound> bounds;

    private VersionRange(String text, List<Bound> bounds) {
        this.text = text;
        this.bounds = bounds;
    }

    private record Bound(String operator, Version version) {
        boolean isLower() {
            return !operator.startsWith("<");
        }

        boolean isUpper() {
            return !operator.startsWith(">");
        }

        /** Returns whether no version is both within this lower bound and within {@code upper}. */
        boolean isAbove(Bound upper) {
            int order = version.compareTo(upper.version);
            return order > 0 || (order == 0 && (operator.equals(">") || upper.operator.equals("<")));
        }

        @Override
        public String toString() {
            return operator + version;
        }

        boolean allows(Version candidate) {
            int order = candidate.compareTo(version);
            return switch (operator) {
                case ">=" -> order >= 0;
                case "<=" -> order <= 0;
                case ">" -> order > 0;
                case "<" -> order < 0;
                default -> order == 0;
            };
        }
    }

    /**
     * Parses a range.
     *
     * @throws IllegalArgumentException if {@code text} is malformed or allows no version
     */
    public static VersionRange of(String text) {
        List<Bound> bounds = new ArrayList<>();
        for (String part : text.strip().split("\\s+")) {
            if (!part.equals("*")) {
                bounds.addAll(parse(part, text));
            }
        }
        requireSomeVersion(text, bounds);
        return new VersionRange(text.strip(), List.copyOf(bounds));
    }

    private static void requireSomeVersion(String text, List<Bound> bounds) {
        for (Bound low : bounds) {
            for (Bound high : bounds) {
                if (low.isLower() && high.isUpper() && low.isAbove(high)) {
                    throw new IllegalArgumentException("version range: '" + text + "' allows no version; '" + low
                            + "' and '" + high + "' exclude each other");
                }
            }
        }
    }

    private static List<Bound> parse(String part, String whole) {
        int digits = 0;
        while (digits < part.length() && !Character.isDigit(part.charAt(digits))) {
            digits++;
        }
        String operator = part.substring(0, digits);
        try {
            Version version = Version.of(part.substring(digits));
            return switch (operator) {
                case "^" -> List.of(new Bound(">=", version), new Bound("<", nextBreaking(version)));
                case "~" ->
                    List.of(
                            new Bound(">=", version),
                            new Bound("<", new Version(version.major(), version.minor() + 1, 0, "0")));
                case ">=", "<=", ">", "<", "=", "" -> List.of(new Bound(operator, version));
                default -> throw new IllegalArgumentException(operator);
            };
        } catch (IllegalArgumentException notARange) {
            throw new IllegalArgumentException(
                    "version range: '" + whole
                            + "' is malformed; write '*', '^1.4', '~1.4', '1.4.2' or comparisons such as '>=1.4 <2'",
                    notARange);
        }
    }

    /** Before 1.0 a new minor version may be incompatible: Semantic Versioning 2.0.0, section 4. */
    private static Version nextBreaking(Version version) {
        return version.major() == 0
                ? new Version(0, version.minor() + 1, 0, "0")
                : new Version(version.major() + 1, 0, 0, "0");
    }

    /** Returns whether {@code version} is in this range. */
    public boolean allows(Version version) {
        for (Bound bound : bounds) {
            if (!bound.allows(version)) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether every version is in this range. */
    public boolean isAny() {
        return bounds.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VersionRange range && range.bounds.equals(bounds);
    }

    @Override
    public int hashCode() {
        return bounds.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
