package io.lynx.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizeTest {
    @ParameterizedTest
    @CsvSource({
        "512, 512",
        "0, 0",
        "1B, 1",
        "10MB, 10000000",
        "64KiB, 65536",
        "64kib, 65536",
        "3 GB, 3000000000",
        "2TiB, 2199023255552",
        "9223372036854775807, 9223372036854775807",
    })
    void reads(String text, long bytes) {
        assertThat(Size.parse(text).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MB", "-1", "1.5MB", "10M", "10 MBs", "9223372036854775808", "9999999TiB"})
    void refuses(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Size.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "512", "64KiB", "10MB", "1GiB", "1500KB", "3TB"})
    void isWrittenAsItIsRead(String text) {
        assertThat(Size.parse(text)).hasToString(text);
    }

    @Test
    void ordersByBytes() {
        assertThat(Size.parse("1KiB")).isGreaterThan(Size.parse("1KB"));
    }
}
