package io.lynx.event;

import java.util.List;

/** The configuration was read. */
public sealed interface ConfigEvent extends FrameworkEvent {
    /**
     * It was read for the first time, and is in force.
     *
     * @param sources where it comes from, the weakest first
     */
    record Loaded(List<String> sources) implements ConfigEvent {
        /** Copies the list. */
        public Loaded {
            sources = List.copyOf(sources);
        }
    }

    /**
     * It was read again, and was valid.
     *
     * @param applied keys whose new values are in force
     * @param restartRequired keys whose new values wait for a restart
     */
    record Reloaded(List<String> applied, List<String> restartRequired) implements ConfigEvent {
        /** Copies the lists. */
        public Reloaded {
            applied = List.copyOf(applied);
            restartRequired = List.copyOf(restartRequired);
        }
    }

    /** It was read again and was not valid, and what was in force still is. */
    record Refused(List<String> problems) implements ConfigEvent {
        /** Copies the list. */
        public Refused {
            problems = List.copyOf(problems);
        }
    }
}
