package io.lynx.http.websocket.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameMaskTest {
    @Test
    void doesNotDependOnThePieces() {
        Random random = new Random(7);
        for (int round = 0; round < 5_000; round++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            int key = random.nextInt();
            byte[] expected = bytes.clone();
            for (int i = 0; i < expected.length; i++) {
                expected[i] ^= (byte) (key >> (24 - (i & 3) * 8));
            }
            int middle = random.nextInt(bytes.length + 1);

            FrameMask.apply(bytes, 0, middle, key, 0);
            FrameMask.apply(bytes, middle, bytes.length - middle, key, middle);

            assertThat(bytes).isEqualTo(expected);
        }
    }

    @Test
    void knowsItsPlaceInLongPayloads() {
        byte[] bytes = {0};

        FrameMask.apply(bytes, 0, 1, 0x01020304, (1L << 33) + 2);

        assertThat(bytes).containsExactly(3);
    }
}
