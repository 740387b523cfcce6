package io.lynx.jdbc;

import io.lynx.extension.Registration;
import io.lynx.plugin.PluginContext;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The hooks of one database, which plugins add after it has started. Thread-safe. */
public final class ConnectionHooks {
    private final List<Added> hooks = new CopyOnWriteArrayList<>();

    /** One addition of a hook. It has an identity of its own, since a hook can be added twice. */
    private static final class Added {
        private final ConnectionHook hook;

        Added(ConnectionHook hook) {
            this.hook = hook;
        }
    }

    ConnectionHooks() {}

    /** Adds a hook until {@code owner} stops. Hooks run in the order in which they were added. */
    public Registration add(PluginContext owner, ConnectionHook hook) {
        Added added = new Added(hook);
        boolean _ = hooks.add(added);
        return owner.own(() -> hooks.remove(added));
    }

    /** Runs all hooks, up to the first that throws. */
    void beforeUse() throws SQLException {
        for (Added added : hooks) {
            added.hook.beforeUse();
        }
    }
}
