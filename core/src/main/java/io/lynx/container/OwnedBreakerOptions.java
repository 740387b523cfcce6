package io.lynx.container;

import io.lynx.extension.Registration;
import java.util.HashMap;
import java.util.Map;

/**
 * The options of circuit breakers that one start of a plugin has set, one registration for each name: options that are set
 * again replace those before. Thread-safe.
 */
final class OwnedBreakerOptions {
    private final PluginScope scope;
    private final Map<String, Registration> byName = new HashMap<>();
    private boolean isOwned;
    private boolean isWithdrawn;

    OwnedBreakerOptions(PluginScope scope) {
        this.scope = scope;
    }

    /** Owns the options that have just been set for the breaker {@code name}, or withdraws them if the plugin has stopped. */
    synchronized void own(String name, Registration options) {
        String what = "set options of the circuit breaker '" + name + "'";
        if (isWithdrawn) {
            options.close();
            scope.requireOpen(what);
            return;
        }
        byName.put(name, options);
        if (!isOwned) {
            Registration _ = scope.offer(this::withdraw, what);
            isOwned = true;
        }
    }

    private synchronized void withdraw() {
        isWithdrawn = true;
        byName.values().forEach(Registration::close);
        byName.clear();
    }
}
