package io.lynx.http.engine.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessEntryTest {
    private static AccessEntry entry(String user, String path, String agent) {
        return new AccessEntry(
                Instant.parse("2026-11-29T03:04:05Z"),
                "r-1",
                "",
                user,
                "203.0.113.9",
                "GET",
                path,
                "/a",
                "HTTP/2",
                agent,
                200,
                0,
                12,
                1_000_000,
                1_230_000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "plain text|plain text",
                "a\"b|a\\x22b",
                "a\\b|a\\x5cb",
                "\u001b[31m|\\x1b[31m",
                "\u0085\u00e9|\\x85\\xe9",
                "\u2028\u202e|\\u2028\\u202e",
                "\u007f|\\x7f",
            })
    void showsNothingButVisibleAscii(String text, String shown) {
        assertThat(AccessEntry.text(text)).isEqualTo(shown);
    }

    @Test
    void showsNoEndOfALine() {
        assertThat(AccessEntry.text("a\nb\rc\0")).isEqualTo("a\\x0ab\\x0dc\\x00");
    }

    @Test
    void shortensLongTexts() {
        assertThat(AccessEntry.text("a".repeat(1024))).isEqualTo("a".repeat(1024));
        assertThat(AccessEntry.text("a".repeat(1025))).isEqualTo("a".repeat(1024) + "...");
        assertThat(AccessEntry.text("\n".repeat(5000))).hasSize(4 * 1024 + 3);
    }

    @Test
    void doesNotKeepWhatItDoesNotShow() {
        AccessEntry entry = entry("u".repeat(3000), "/" + "p".repeat(8000), "a".repeat(8000));

        assertThat(entry.user()).hasSize(1025);
        assertThat(entry.path()).hasSize(1025);
        assertThat(entry.userAgent()).hasSize(1025);
        assertThat(entry.combined()).contains("\"GET /" + "p".repeat(1023) + "... HTTP/2\"");
    }

    @Test
    void writesTheCombinedFormat() {
        assertThat(entry("alice", "/a", "curl/8").combined())
                .isEqualTo("203.0.113.9 - alice [29/Nov/2026:03:04:05 +0000] \"GET /a HTTP/2\" 200 12 \"-\" \"curl/8\""
                        + " r-1 1.23");
        assertThat(entry("a b", "/\n\"x", "").combined())
                .isEqualTo("203.0.113.9 - a_b [29/Nov/2026:03:04:05 +0000] \"GET /\\x0a\\x22x HTTP/2\" 200 12 \"-\""
                        + " \"-\" r-1 1.23");
        assertThat(AccessEntry.unreadable(Instant.EPOCH, "r-2", 400, 9, 0).combined())
                .isEqualTo("- - - [01/Jan/1970:00:00:00 +0000] \"-\" 400 9 \"-\" \"-\" r-2 0.0");
    }
}
