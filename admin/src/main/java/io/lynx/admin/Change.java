package io.lynx.admin;

import java.util.Optional;

/** What a {@code POST} under {@code /debug/} asks for. Immutable. */
sealed interface Change {
    /** A graceful stop. */
    record Shutdown() implements Change {}

    /** Another reading of the configuration. */
    record ReloadConfiguration() implements Change {}

    /** A stop and a start of a plugin and all that depend on it. */
    record RestartPlugin(String id) implements Change {}

    /** Another mode of a circuit breaker. */
    record SetBreaker(String name, BreakerAction action) implements Change {}

    /** The lifting of what is held against a component. */
    record ResetComponent(String name) implements Change {}

    /** One more attempt for an event that its subscriber could not handle. */
    record ReplayDeadLetter(long id) implements Change {}

    /**
     * What the path after {@code /debug/} asks for; empty if it is not the path of a change. A name is all that stands
     * between the collection and the action: it may have slashes in it.
     */
    static Optional<Change> of(String page) {
        if (page.equals("shutdown")) {
            return Optional.of(new Shutdown());
        }
        if (page.equals("config/reload")) {
            return Optional.of(new ReloadConfiguration());
        }
        return name(page, "plugins/", "/restart")
                .<Change>map(RestartPlugin::new)
                .or(() -> name(page, "components/", "/reset").map(ResetComponent::new))
                .or(() -> name(page, "events/dead-letters/", "/replay").flatMap(Change::replay))
                .or(() -> breaker(page));
    }

    private static Optional<Change> replay(String id) {
        try {
            return Optional.of(new ReplayDeadLetter(Long.parseLong(id)));
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }

    private static Optional<Change> breaker(String page) {
        for (BreakerAction action : BreakerAction.values()) {
            Optional<String> name = name(page, "breakers/", "/" + action.label());
            if (name.isPresent()) {
                return Optional.of(new SetBreaker(name.get(), action));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> name(String page, String collection, String action) {
        int end = page.length() - action.length();
        return page.startsWith(collection) && page.endsWith(action) && end > collection.length()
                ? Optional.of(page.substring(collection.length(), end))
                : Optional.empty();
    }
}
