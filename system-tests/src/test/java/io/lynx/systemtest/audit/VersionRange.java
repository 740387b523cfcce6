package io.lynx.systemtest.audit;

import java.util.Comparator;
import java.util.List;
import org.apache.maven.artifact.versioning.ComparableVersion;

/**
 * The affected versions of one range of an advisory, by the algorithm of the OSV schema, section "Evaluation". Versions are
 * compared as Maven compares them.
 *
 * @param events in any order
 */
record VersionRange(List<Event> events) {
    /** The first of all versions in an {@code introduced} event. */
    private static final String FIRST = "0";

    /** The kinds of events; those of one version take effect in this order, so that adjoining intervals leave no gap. */
    enum Kind {
        LIMIT,
        LAST_AFFECTED,
        FIXED,
        INTRODUCED
    }

    record Event(Kind kind, String version) {
        private boolean isReachedBy(ComparableVersion candidate) {
            if (kind == Kind.INTRODUCED && version.equals(FIRST)) {
                return true;
            }
            int order = candidate.compareTo(new ComparableVersion(version));
            return kind == Kind.LAST_AFFECTED ? order > 0 : order >= 0;
        }

        private int compareVersion(Event other) {
            if (version.equals(FIRST) || other.version.equals(FIRST)) {
                return Boolean.compare(other.version.equals(FIRST), version.equals(FIRST));
            }
            return new ComparableVersion(version).compareTo(new ComparableVersion(other.version));
        }
    }

    VersionRange {
        events = events.stream()
                .sorted(((Comparator<Event>) Event::compareVersion).thenComparing(Event::kind))
                .toList();
    }

    /** Returns whether this range affects a version. */
    boolean contains(String version) {
        ComparableVersion candidate = new ComparableVersion(version);
        return isBeforeLimits(candidate) && isVulnerable(candidate);
    }

    private boolean isBeforeLimits(ComparableVersion candidate) {
        List<Event> limits =
                events.stream().filter(event -> event.kind() == Kind.LIMIT).toList();
        return limits.isEmpty() || limits.stream().anyMatch(limit -> !limit.isReachedBy(candidate));
    }

    /** The schema requires an {@code introduced} event; a range without one is taken to begin with the first version. */
    private boolean isVulnerable(ComparableVersion candidate) {
        boolean vulnerable = events.stream().noneMatch(event -> event.kind() == Kind.INTRODUCED);
        for (Event event : events) {
            if (event.kind() != Kind.LIMIT && event.isReachedBy(candidate)) {
                vulnerable = event.kind() == Kind.INTRODUCED;
            }
        }
        return vulnerable;
    }

    /** Returns the versions that fix the problem and are later than {@code version}. */
    List<String> fixesAfter(String version) {
        ComparableVersion candidate = new ComparableVersion(version);
        return events.stream()
                .filter(event -> event.kind() == Kind.FIXED)
                .map(Event::version)
                .filter(fixed -> new ComparableVersion(fixed).compareTo(candidate) > 0)
                .toList();
    }
}
