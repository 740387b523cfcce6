package io.lynx.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionsTest {
    @ParameterizedTest
    @CsvSource({
        "abc, abc, 0",
        "abc, acb, 1",
        "abc, ab, 1",
        "abc, abcd, 1",
        "abc, axc, 1",
        "kitten, sitting, 3",
        "ca, abc, 3",
        "'', abc, 3"
    })
    void countsEdits(String left, String right, int distance) {
        assertThat(Suggestions.distance(left, right, 100)).isEqualTo(distance);
        assertThat(Suggestions.distance(right, left, 100)).isEqualTo(distance);
    }

    @ParameterizedTest
    @CsvSource({
        "timout, timeout",
        "tiemout, timeout",
        "drainDelay, drain_delay",
        "drain-delay, drain_delay",
        "gracefull, graceful"
    })
    void findsWhatWasMeant(String word, String meant) {
        assertThat(Suggestions.closest(word, List.of("timeout", "graceful", "drain_delay", "quit")))
                .isEqualTo(meant);
    }

    @Test
    void suggestsNothingWhenNothingIsClose() {
        assertThat(Suggestions.closest("banner", List.of("timeout", "graceful")))
                .isNull();
        assertThat(Suggestions.closest("x".repeat(1_000_000), List.of("timeout")))
                .isNull();
    }
}
