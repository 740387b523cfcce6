package io.lynx.transport.engine.framing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SyntaxTest {
    @Test
    void skipsUpToTheFirstControlCharacterWhereverItIs() {
        for (int c = 0; c < 256; c++) {
            for (int at = 0; at < 20; at++) {
                byte[] bytes = new byte[20];
                Arrays.fill(bytes, (byte) (at % 2 == 0 ? 'a' : 0xff));
                bytes[at] = (byte) c;
                boolean isControl = c < ' ' || c == 0x7f;

                assertThat(Syntax.skipVisible(bytes, 0, 20))
                        .as("%d at %d", c, at)
                        .isEqualTo(isControl ? at : 20);
            }
        }
    }

    @Test
    void skipsNothingBehindTheEnd() {
        byte[] bytes = new byte[20];
        Arrays.fill(bytes, (byte) 'a');

        assertThat(Syntax.skipVisible(bytes, 3, 13)).isEqualTo(13);
        assertThat(Syntax.skipVisible(bytes, 13, 13)).isEqualTo(13);
    }
}
