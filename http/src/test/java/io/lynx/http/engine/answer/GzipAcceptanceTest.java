package io.lynx.http.engine.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which clients accept gzip. */
class GzipAcceptanceTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "gzip",
                "GZIP",
                "x-gzip",
                "br, gzip, zstd",
                "br;q=1.0, gzip;q=0.8, *;q=0.1",
                "gzip;q=0.001",
                "gzip ; q=1",
                "gzip;Q=0.5",
                "*",
                "*;q=0.5",
                "gzip;q=0.5, identity;q=0.5",
                "identity, gzip",
                "gzip;q=0, gzip",
            })
    void accepts(String header) {
        assertThat(GzipAcceptance.prefersGzip(List.of(header))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "identity",
                "br",
                "gzip;q=0",
                "gzip;q=0.000",
                "gzip;q=0, *",
                "*;q=0",
                "gzip;q=0.5, identity",
                "gzip;q=",
                "gzip;q=2",
                "gzip;q=1.1",
                "gzip;q=-1",
                "gzip;q=0.5555",
                "gzip;q=x",
                "gzip;level=9",
                "gzipx",
                ";",
                ",,,",
            })
    void doesNot(String header) {
        assertThat(GzipAcceptance.prefersGzip(List.of(header))).isFalse();
    }

    @Test
    void linesAreOneList() {
        assertThat(GzipAcceptance.prefersGzip(List.of())).isFalse();
        assertThat(GzipAcceptance.prefersGzip(List.of("br", "gzip"))).isTrue();
        assertThat(GzipAcceptance.prefersGzip(List.of("gzip;q=0.1", "identity")))
                .isFalse();
        assertThat(GzipAcceptance.prefersGzip(List.of("a,".repeat(10_000) + "gzip")))
                .isTrue();
    }
}
