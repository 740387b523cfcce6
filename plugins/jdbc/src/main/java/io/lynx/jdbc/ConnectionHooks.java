package io.lynx.jdbc;

import io.lynx.extension.Registration;
import io.lynx.plugin.PluginContext;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The hooks of one database, which plugins add after it has started. Thread-safe. */
public final class ConnectionHooks {
    private final List<ConnectionHook> hooks = new CopyOnWriteArrayList<>();

    ConnectionHooks() {}

    /** Adds a hook until {@code owner} stops. Hooks run in the order in which they were added. */
    public Registration add(PluginContext owner, ConnectionHook hook) {
        ConnectionHook added = hook::beforeUse; // an object of its own, so that a hook can be added twice
        boolean _ = hooks.add(added);
        return owner.own(() -> hooks.remove(added));
    }

    /** Runs all hooks, up to the first that throws. */
    void beforeUse() throws SQLException {
        for (ConnectionHook hook : hooks) {
            hook.beforeUse();
        }
    }
}
