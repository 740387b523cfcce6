package io.lynx.http.client.engine.balance;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;

/** The servers that the attempts of one call have used, so that the next attempt prefers others. Thread-safe. */
public final class UsedServers {
    @GuardedBy("this")
    private List<Server> used = List.of();

    synchronized void add(Server server) {
        if (used.isEmpty()) {
            used = new ArrayList<>(2);
        }
        used.add(server);
    }

    synchronized boolean contains(Server server) {
        return used.contains(server);
    }
}
