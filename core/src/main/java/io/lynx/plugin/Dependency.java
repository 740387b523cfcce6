package io.lynx.plugin;

/**
 * A relation of one plugin to another plugin or capability. Immutable.
 *
 * @param kind the kind of the relation
 * @param id the id of the other plugin, or a capability that plugins provide
 * @param versions the versions of the other that the relation applies to
 */
public record Dependency(Kind kind, String id, VersionRange versions) {
    /** The kind of a relation. */
    public enum Kind {
        /** The other must be present and starts first. */
        REQUIRED,
        /** The other starts first if it is present. */
        OPTIONAL,
        /** The other must not be present. */
        CONFLICT
    }
}
