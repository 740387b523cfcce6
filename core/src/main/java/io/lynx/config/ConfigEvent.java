package io.lynx.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something that happened to the configuration of an application. Immutable. */
public sealed interface ConfigEvent {
    /**
     * The configuration was read at the start.
     *
     * @param sources names of its sources; later ones override earlier ones
     * @param warnings one line for each setting that was ignored
     */
    record Loaded(List<String> sources, List<String> warnings) implements ConfigEvent {
        /** Copies the lists. */
        public Loaded {
            sources = List.copyOf(sources);
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * The configuration was read again and was valid.
     *
     * @param applied keys whose new values are in force
     * @param restartRequired keys whose new values take effect at the next start
     * @param warnings one line for each setting that was ignored, unless it was reported before
     */
    record Reloaded(List<String> applied, List<String> restartRequired, List<String> warnings) implements ConfigEvent {
        /** Copies the lists. */
        public Reloaded {
            applied = List.copyOf(applied);
            restartRequired = List.copyOf(restartRequired);
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * The configuration was read again and was not valid; the one in force stays in force.
     *
     * @param problems one line for each
     * @param cause the exception with which a part of the application refused it; null if the configuration itself is
     *     not valid
     */
    record Refused(List<String> problems, @Nullable Throwable cause) implements ConfigEvent {
        /** Copies the list. */
        public Refused {
            problems = List.copyOf(problems);
        }
    }

    /**
     * Changed files could not be read or applied for a reason other than their content. The next check of the files
     * tries again.
     *
     * @param reason what prevented it
     */
    record Postponed(Throwable reason) implements ConfigEvent {}
}
