package io.lynx.http.engine.interceptor;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What is kept for each key that clients choose, for a bounded number of keys: the one that was used longest ago gives way to a new one.
 * So a flood of keys costs no more memory, and refuses nobody: a client whose key has given way begins anew. Thread-safe.
 */
final class LimiterTable<T> {
    private static final int PARTS = 16;

    private final List<Part<T>> parts = new ArrayList<>(PARTS);

    LimiterTable(int mostKeys) {
        for (int i = 0; i < PARTS; i++) {
            parts.add(new Part<>(Math.ceilDiv(mostKeys, PARTS)));
        }
    }

    /** Returns what is kept for {@code key}, which {@code made} makes if there is nothing. */
    T of(String key, Supplier<T> made) {
        int hash = key.hashCode();
        return parts.get((hash ^ hash >>> 16) & (PARTS - 1)).of(key, made);
    }

    /** Returns for how many keys something is kept. */
    int size() {
        int size = 0;
        for (Part<T> part : parts) {
            size += part.size();
        }
        return size;
    }

    private static final class Part<T> {
        private final int most;

        /** The one that was used longest ago comes first. */
        @GuardedBy("this")
        private final LinkedHashMap<String, T> byKey = new LinkedHashMap<>(16, 0.75f, true);

        Part(int most) {
            this.most = most;
        }

        synchronized T of(String key, Supplier<T> made) {
            T known = byKey.get(key);
            if (known == null) {
                known = made.get();
                byKey.put(key, known);
                if (byKey.size() > most) {
                    Map.Entry<String, T> _ = byKey.pollFirstEntry();
                }
            }
            return known;
        }

        synchronized int size() {
            return byKey.size();
        }
    }
}
