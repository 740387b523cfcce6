package io.lynx.event;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options that the configuration gives to the buses. The history's size is said once for all, but only a bus that is
 * to have one keeps it: those on which the framework itself speaks, at a modest rate, and those whose own section says
 * so. Publishing to the others stays as cheap as it can be.
 */
final class BusSections {
    private static final List<String> REMEMBERED =
            List.of("plugin", "system", "health", "config", "resource", "security");
    private static final EventsConfig.Bus NOTHING_SAID = new EventsConfig.Bus(null, null, null, null, null, null);

    private BusSections() {}

    /** For the buses that are neither the framework's nor have a section. */
    static BusOptions others(EventsConfig config) {
        return options(config, NOTHING_SAID, 0);
    }

    /** For the framework's buses and those that have a section. */
    static Map<String, BusOptions> named(EventsConfig config) {
        Map<String, BusOptions> named = new HashMap<>();
        for (String name : REMEMBERED) {
            named.put(name, options(config, NOTHING_SAID, config.historySize()));
        }
        config.buses().forEach((name, section) -> {
            int history = REMEMBERED.contains(name) ? config.historySize() : 0;
            named.put(Topic.checkBus(name), options(config, section, history));
        });
        return named;
    }

    private static BusOptions options(EventsConfig config, EventsConfig.Bus section, int history) {
        var timeout = orElse(section.blockTimeout(), config.blockTimeout());
        Overflow overflow =
                switch (orElse(section.overflow(), config.overflow())) {
                    case BLOCK -> Overflow.BLOCK.upTo(timeout);
                    case DROP_NEWEST -> Overflow.DROP_NEWEST;
                    case DROP_OLDEST -> Overflow.DROP_OLDEST;
                };
        return new BusOptions(
                orElse(section.queueSize(), config.queueSize()),
                overflow,
                orElse(section.historySize(), history),
                orElse(section.historyAge(), config.historyAge()),
                orElse(section.drainTimeout(), config.drainTimeout()));
    }

    private static <T> T orElse(@Nullable T own, T general) {
        return own == null ? general : own;
    }
}
