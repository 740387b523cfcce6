package io.lynx.http.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CloseStatusTest {
    @Test
    void aLongReasonIsCutBetweenCharacters() {
        assertThat(new CloseStatus(1000, "a".repeat(124)).reason()).hasSize(123);
        for (int i = 0; i < 8; i++) {
            String reason = new CloseStatus(1000, "a".repeat(i) + "\u00e4\ud83d\ude00".repeat(60)).reason();

            byte[] bytes = reason.getBytes(StandardCharsets.UTF_8);
            assertThat(bytes).hasSizeBetween(118, 123);
            assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(reason);
        }
    }
}
