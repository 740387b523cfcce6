package io.lynx.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptEncodingTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "gzip",
                "GZIP",
                "x-gzip",
                "deflate, gzip",
                "gzip;q=0.5",
                "br , gzip ; q=1",
                "*",
                "br;q=1, *;q=0.1"
            })
    void takesGzip(String header) {
        assertThat(AcceptEncoding.takesGzip(List.of(header))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "identity", "gzip;q=0", "gzip;q=0.000", "*;q=0", "gzip;q=0, *", ";;,;", "gzipped"})
    void doesNot(String header) {
        assertThat(AcceptEncoding.takesGzip(List.of(header))).isFalse();
    }

    @Test
    void readsEveryHeader() {
        assertThat(AcceptEncoding.takesGzip(List.of("br", "gzip"))).isTrue();
        assertThat(AcceptEncoding.takesGzip(List.of())).isFalse();
    }
}
