package io.lynx.http.websocket.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8CheckTest {
    private static boolean isUtf8ByTheJdk(byte[] bytes) {
        try {
            var _ = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    @Test
    void acceptsEveryCharacterAndNothingElse() {
        int refused = 0;
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            boolean isSurrogate = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
            byte[] bytes = Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
            refused += isSurrogate || Utf8Check.isUtf8(bytes) ? 0 : 1;
        }
        assertThat(refused).isZero();
        for (int i = 0; i < 0x1000000; i += 61) {
            byte[] three = {(byte) (i >> 16 | 0x80), (byte) (i >> 8), (byte) i};
            assertThat(Utf8Check.isUtf8(three)).isEqualTo(isUtf8ByTheJdk(three));
        }
    }

    @Test
    void doesNotDependOnThePieces() {
        Random random = new Random(42);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = ("abcdefgh\u00e4\u20ac\ud83d\ude00".repeat(2) + "ijklmnop").getBytes(StandardCharsets.UTF_8);
            if (round % 2 == 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            Utf8Check check = new Utf8Check();
            int middle = random.nextInt(bytes.length);
            int end = middle + random.nextInt(bytes.length - middle + 1);
            boolean isValid = check.accepts(bytes, 0, middle)
                    && check.accepts(bytes, middle, end)
                    && check.accepts(bytes, end, bytes.length)
                    && check.isComplete();

            assertThat(isValid).isEqualTo(isUtf8ByTheJdk(bytes));
        }
    }
}
