package io.lynx.security.http;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A bounded map from digests to what is known of them. There are two generations: what is read in the old one moves to the young one,
 * and when the young one is full, the old one is dropped. So a look-up takes no lock, and what is used often stays. Thread-safe.
 */
final class DigestCache<V> {
    private final int half;
    private volatile ConcurrentHashMap<TokenDigest, V> young = new ConcurrentHashMap<>();
    private volatile ConcurrentHashMap<TokenDigest, V> old = new ConcurrentHashMap<>();

    DigestCache(int size) {
        this.half = Math.max(1, size / 2);
    }

    @Nullable
    V get(TokenDigest key) {
        V known = young.get(key);
        if (known != null) {
            return known;
        }
        V older = old.get(key);
        if (older != null) {
            put(key, older);
        }
        return older;
    }

    void put(TokenDigest key, V value) {
        if (young.size() >= half) {
            age();
        }
        young.put(key, value);
    }

    private synchronized void age() {
        if (young.size() >= half) {
            old = young;
            young = new ConcurrentHashMap<>();
        }
    }

    void remove(TokenDigest key) {
        young.remove(key);
        old.remove(key);
    }

    int size() {
        return young.size() + old.size();
    }
}
