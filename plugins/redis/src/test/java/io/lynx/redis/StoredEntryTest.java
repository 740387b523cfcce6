package io.lynx.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StoredEntryTest {
    @Test
    void keepsAValueAndItsExpiry() {
        StoredEntry entry = StoredEntry.decode(StoredEntry.encode(1_000, "{}".getBytes(StandardCharsets.UTF_8)));

        assertThat(entry).isNotNull();
        assertThat(entry.isAbsent()).isFalse();
        assertThat(entry.isFresh(999)).isTrue();
        assertThat(entry.isFresh(1_000)).isFalse();
        assertThat(entry.json()).asString(StandardCharsets.UTF_8).isEqualTo("{}");
    }

    @Test
    void keepsAnAbsence() {
        StoredEntry entry = StoredEntry.decode(StoredEntry.encode(1_000, null));

        assertThat(entry).isNotNull();
        assertThat(entry.isAbsent()).isTrue();
    }

    @Test
    void ignoresWhatItDidNotWrite() {
        assertThat(StoredEntry.decode(null)).isNull();
        assertThat(StoredEntry.decode(new byte[0])).isNull();
        assertThat(StoredEntry.decode("{\"a\":\"longer than a header\"}".getBytes(StandardCharsets.UTF_8)))
                .isNull();
    }

    @Test
    void optionsRefuseValuesOutOfRange() {
        assertThatThrownBy(() -> CacheOptions.of("products").withTimeToLive(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cache 'products': time to live: PT0S; allowed is 10 ms to 365 days");
        assertThatThrownBy(() -> CacheOptions.of("Products")).hasMessageContaining("'Products' is not a name");
    }
}
