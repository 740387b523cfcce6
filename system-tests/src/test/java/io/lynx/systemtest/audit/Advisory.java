package io.lynx.systemtest.audit;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.maven.artifact.versioning.ComparableVersion;

/**
 * One published problem of Maven packages.
 *
 * @param id its identifier in its database
 * @param aliases its identifiers in other databases
 * @param affected the packages and versions that have the problem
 */
record Advisory(String id, List<String> aliases, String summary, List<Affected> affected) {
    /**
     * The affected versions of one package.
     *
     * @param name the group and the artifact, separated by a colon
     * @param versions versions that are listed one by one
     */
    record Affected(String name, Set<String> versions, List<VersionRange> ranges) {
        private boolean includes(Dependency dependency) {
            return name.equals(dependency.name())
                    && (versions.contains(dependency.version())
                            || ranges.stream().anyMatch(range -> range.contains(dependency.version())));
        }
    }

    /** Returns whether a dependency has the problem. */
    boolean affects(Dependency dependency) {
        return affected.stream().anyMatch(each -> each.includes(dependency));
    }

    /** Returns the earliest version that fixes the problem of a dependency, if there is one. */
    Optional<String> fixFor(Dependency dependency) {
        return affected.stream()
                .filter(each -> each.includes(dependency))
                .flatMap(each -> each.ranges().stream())
                .flatMap(range -> range.fixesAfter(dependency.version()).stream())
                .min(Comparator.comparing(ComparableVersion::new));
    }
}
