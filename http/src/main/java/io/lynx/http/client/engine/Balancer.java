package io.lynx.http.client.engine;

import io.lynx.time.Ticker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the server of a call: of two random ones, the one with the lower cost (M. Mitzenmacher, The Power of Two Choices,
 * 2001). Servers in the client's zone come first, ejected ones last. At most half of the servers count as ejected: beyond that,
 * it is not the servers that fail. Immutable and thread-safe.
 *
 * @param zone of the client; empty if it is unknown
 */
record Balancer(String zone, Ticker ticker) {
    private static final double CLEARLY = 0.9;

    /** Returns one of {@code servers} that is not in {@code tried}; null if there is none. */
    @Nullable
    Server choose(List<Server> servers, Collection<Server> tried) {
        if (servers.size() == 1) {
            return tried.isEmpty() ? servers.getFirst() : null;
        }
        long now = ticker.nanos();
        List<Server> left = new ArrayList<>(servers.size());
        List<Server> healthy = new ArrayList<>(servers.size());
        int ejected = 0;
        for (Server server : servers) {
            boolean isEjected = server.isEjected(now);
            ejected += isEjected ? 1 : 0;
            if (!tried.contains(server)) {
                left.add(server);
                if (!isEjected) {
                    healthy.add(server);
                }
            }
        }
        boolean areTooMany = 2 * ejected > servers.size();
        List<Server> candidates = healthy.isEmpty() || areTooMany ? left : healthy;
        return candidates.isEmpty() ? null : cheaper(inZone(candidates), now);
    }

    private List<Server> inZone(List<Server> candidates) {
        if (zone.isEmpty()) {
            return candidates;
        }
        List<Server> near =
                candidates.stream().filter(server -> server.zone().equals(zone)).toList();
        return near.isEmpty() ? candidates : near;
    }

    private static Server cheaper(List<Server> candidates, long now) {
        int size = candidates.size();
        int first = ThreadLocalRandom.current().nextInt(size);
        if (size == 1) {
            return candidates.getFirst();
        }
        int second = ThreadLocalRandom.current().nextInt(size - 1);
        second += second >= first ? 1 : 0;
        Server one = candidates.get(first);
        Server other = candidates.get(second);
        // Nearly the same is the same: otherwise the best one by a hair would get every call.
        return other.cost(now) < CLEARLY * one.cost(now) ? other : one;
    }
}
