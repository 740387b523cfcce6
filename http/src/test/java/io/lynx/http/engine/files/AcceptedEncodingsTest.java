package io.lynx.http.engine.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The header {@code Accept-Encoding}. */
class AcceptedEncodingsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip | gzip",
                "gzip, deflate, br, zstd | br,zstd,gzip",
                "gzip;q=1.0, br;q=0.5 | gzip,br",
                "GZIP | gzip",
                "* | br,zstd,gzip",
                "*;q=0.5, gzip;q=0 | br,zstd",
                "br;q=0, gzip | gzip",
                "identity, gzip;q=0.5 | ''",
                "identity;q=0, gzip;q=0.5 | gzip",
                "gzip;q=nonsense | ''",
                "gzip;q=1.5 | ''",
                "gzip;q=-1 | ''",
                "gzipped | ''",
                "deflate | ''",
                ",,; | ''"
            })
    void areOrdered(String header, String codings) {
        assertThat(AcceptedEncodings.of(List.of(header)).stream()
                        .map(AcceptedEncodings.Coding::token)
                        .collect(Collectors.joining(",")))
                .isEqualTo(codings);
    }
}
