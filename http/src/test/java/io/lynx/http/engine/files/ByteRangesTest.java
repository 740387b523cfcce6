package io.lynx.http.engine.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The header {@code Range}. */
class ByteRangesTest {
    private static String parse(String header, long size) {
        ByteRanges ranges = ByteRanges.parse(header, size);
        return ranges == null
                ? "ignored"
                : ranges.ranges().stream()
                        .map(range -> range.first() + "-" + range.last())
                        .collect(Collectors.joining(","));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-0 | 0-0",
                "bytes=0-99 | 0-99",
                "bytes=10- | 10-99",
                "bytes=-10 | 90-99",
                "bytes=-1000 | 0-99",
                "bytes=50-1000 | 50-99",
                "BYTES=1-2 | 1-2",
                "bytes=0-0, 2-2 ,, 4-4 | 0-0,2-2,4-4",
                "bytes=0-0,200-300 | 0-0",
                "bytes=99-99999999999999999999999999 | 99-99",
                "bytes=60-69,10-19 | 60-69,10-19"
            })
    void areRead(String header, String ranges) {
        assertThat(parse(header, 100)).isEqualTo(ranges);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"bytes=100-", "bytes=100-200", "bytes=-0", "bytes=99999999999999999999999-", "bytes=100-,200-"})
    void thatTheFileDoesNotHaveAreRefused(String header) {
        assertThat(Objects.requireNonNull(ByteRanges.parse(header, 100)).ranges())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes",
                "bytes=",
                "bytes=,",
                "bytes=a-b",
                "bytes=1",
                "bytes=2-1",
                "bytes=--1",
                "bytes=1-2-3",
                "bytes=-",
                "bytes=+1-2",
                "bytes=0x1-2",
                "bytes=\u0661-2",
                "lines=1-2",
                "bytes = 1-2",
                "bytes=1-2;3-4"
            })
    void thatAreMalformedAreIgnored(String header) {
        assertThat(parse(header, 100)).isEqualTo("ignored");
    }

    @Test
    void thatCostMoreThanTheFileAreIgnored() {
        assertThat(parse("bytes=0-,0-", 100)).isEqualTo("ignored");
        assertThat(parse("bytes=0-59,50-99", 100)).isEqualTo("ignored");
        String thousands = IntStream.range(0, 5_000)
                .mapToObj(i -> (2 * i) + "-" + (2 * i))
                .collect(Collectors.joining(",", "bytes=", ""));
        assertThat(parse(thousands, 1_000_000)).isEqualTo("ignored");
    }

    @Test
    void ofAnEmptyFile() {
        assertThat(parse("bytes=0-", 0)).isEmpty();
        assertThat(parse("bytes=-5", 0)).isEmpty();
    }
}
