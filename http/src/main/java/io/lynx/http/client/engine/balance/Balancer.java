package io.lynx.http.client.engine.balance;

import io.lynx.time.Ticker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the server of a call. Servers that are ejected come last; of the others, those with the lowest priority come first
 * (RFC 2782), then those that no earlier attempt of the call has used, then those in the client's zone. Of two random ones of
 * them, the one with the lower cost gets the call (M. Mitzenmacher, The Power of Two Choices, 2001). If more than half of the
 * servers are ejected and all have the same priority, they are used nevertheless: it is not the servers that fail. Immutable and
 * thread-safe.
 *
 * @param zone of the client; empty if it is unknown
 */
record Balancer(String zone, Ticker ticker) {
    private static final double CLEARLY = 0.9;

    /** With different weights only a great difference counts, since the weights are to divide the calls. */
    private static final double FAR = 0.5;

    private static final int PRIORITIES = 1 << 16;

    /**
     * Returns one of {@code servers} that is not in {@code tried}; null if there is none.
     *
     * @param before what earlier attempts of the call have used
     */
    @Nullable
    Server choose(List<Server> servers, Collection<Server> tried, UsedServers before) {
        if (servers.size() == 1) {
            Server only = servers.getFirst();
            return tried.contains(only) ? null : only;
        }
        long now = ticker.nanos();
        boolean areTooMany = areTooManyEjected(servers, now);
        List<Server> best = new ArrayList<>(servers.size());
        int lowest = Integer.MAX_VALUE;
        for (Server server : servers) {
            if (!tried.contains(server)) {
                int rank = server.address().priority() * 2
                        + (before.contains(server) ? 1 : 0)
                        + (!areTooMany && server.isAvoided(now) ? 2 * PRIORITIES : 0);
                if (rank < lowest) {
                    lowest = rank;
                    best.clear();
                }
                if (rank == lowest) {
                    best.add(server);
                }
            }
        }
        return best.isEmpty() ? null : cheaper(inZone(best), now);
    }

    private static boolean areTooManyEjected(List<Server> servers, long now) {
        int ejected = 0;
        int priority = servers.getFirst().address().priority();
        for (Server server : servers) {
            ejected += server.isEjected(now) ? 1 : 0;
            if (server.address().priority() != priority) {
                return false;
            }
        }
        return 2 * ejected > servers.size();
    }

    private List<Server> inZone(List<Server> candidates) {
        if (zone.isEmpty()) {
            return candidates;
        }
        List<Server> near = candidates.stream()
                .filter(server -> server.address().zone().equals(zone))
                .toList();
        return near.isEmpty() ? candidates : near;
    }

    private static Server cheaper(List<Server> candidates, long now) {
        if (candidates.size() == 1) {
            return candidates.getFirst();
        }
        Server one = drawn(candidates, null);
        Server other = drawn(candidates, one);
        // Nearly the same is the same: otherwise the best one by a hair would get every call.
        double margin = one.share() == other.share() ? CLEARLY : FAR;
        return other.cost(now) < margin * one.cost(now) ? other : one;
    }

    /** Draws a server by their shares, which their weights set. */
    private static Server drawn(List<Server> candidates, @Nullable Server except) {
        double all = 0;
        for (Server server : candidates) {
            all += server.equals(except) ? 0 : server.share();
        }
        double left = ThreadLocalRandom.current().nextDouble() * all;
        Server last = candidates.getFirst();
        for (Server server : candidates) {
            if (!server.equals(except)) {
                last = server;
                left -= server.share();
                if (left < 0) {
                    break;
                }
            }
        }
        return last;
    }
}
