package io.lynx.security.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How much a cache keeps. */
class DigestCacheTest {
    private static TokenDigest key(int i) {
        return TokenDigest.of("token " + i);
    }

    @Test
    void isBoundedAndKeepsWhatIsUsed() {
        DigestCache<Integer> cache = new DigestCache<>(100);
        cache.put(key(-1), -1);
        for (int i = 0; i < 10_000; i++) {
            cache.put(key(i), i);
            assertThat(cache.get(key(-1))).isEqualTo(-1);
            assertThat(cache.size()).isLessThanOrEqualTo(102);
        }
        assertThat(cache.get(key(9_999))).isEqualTo(9_999);
        assertThat(cache.get(key(5))).isNull();
        cache.remove(key(9_999));
        assertThat(cache.get(key(9_999))).isNull();
    }

    @Test
    void aDigestDoesNotShowItself() {
        assertThat(key(1)).hasToString("TokenDigest").isEqualTo(key(1)).isNotEqualTo(key(2));
        assertThat(TokenDigest.ofHex(TokenDigest.hex("token 1"))).isEqualTo(key(1));
    }
}
