package io.lynx.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SystemOutTest {
    private final PrintStream before = System.out;
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private final LineWriter writer =
            new LineWriter(new SystemOut(), 1 << 20, Duration.ofSeconds(30), lines -> bytes("dropped lines: " + lines));
    private volatile boolean isFull;

    @BeforeEach
    void replaceStandardOutput() {
        OutputStream disk = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int size) throws IOException {
                if (isFull) {
                    throw new IOException("No space left on device");
                }
                taken.write(bytes, from, size);
            }
        };
        System.setOut(new PrintStream(disk, true, UTF_8));
    }

    @AfterEach
    void restoreStandardOutput() {
        System.setOut(before);
    }

    private static byte[] bytes(String line) {
        return (line + "\n").getBytes(UTF_8);
    }

    private void flush() {
        assertThat(writer.flush(Deadline.after(Duration.ofSeconds(30), Ticker.system())))
                .isTrue();
    }

    @Test
    void writesEverythingAfterAFailure() {
        isFull = true;
        writer.append(bytes("lost"));
        flush();
        isFull = false;
        // 200 KiB, which are several writes.
        String[] lines =
                IntStream.range(0, 2_000).mapToObj(i -> i + "x".repeat(100)).toArray(String[]::new);

        for (String line : lines) {
            writer.append(bytes(line));
        }

        flush();
        writer.append(bytes("last"));
        flush();
        assertThat(taken.toString(UTF_8).lines())
                .containsSubsequence(lines)
                .contains("dropped lines: 1", "last")
                .doesNotContain("lost");
    }
}
