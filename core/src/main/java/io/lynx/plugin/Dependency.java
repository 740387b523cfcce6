package io.lynx.plugin;

/**
 * One plugin's relation to another plugin or capability.
 *
 * @param kind what the relation is
 * @param id the other's id, or a capability that others provide
 * @param versions the versions of the other that it is about
 */
public record Dependency(Kind kind, String id, VersionRange versions) {
    /** What a relation is. */
    public enum Kind {
        /** The other must be there and runs first. */
        REQUIRED,
        /** The other runs first if it is there. */
        OPTIONAL,
        /** The other must not be there. */
        CONFLICT
    }
}
