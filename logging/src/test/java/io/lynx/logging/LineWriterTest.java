package io.lynx.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LineWriterTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Pipe pipe = new Pipe();

    /** A stream that takes nothing while it is held, and fails when it is broken. */
    private static final class Pipe extends OutputStream {
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private final CountDownLatch entered = new CountDownLatch(1);
        private volatile CountDownLatch gate = new CountDownLatch(0);
        private volatile boolean broken;
        private volatile @Nullable Error error;
        private final AtomicInteger writes = new AtomicInteger();

        @Override
        public void write(int b) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void write(byte[] bytes, int from, int size) throws IOException {
            entered.countDown();
            writes.incrementAndGet();
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            Error thrown = error;
            if (thrown != null) {
                throw thrown;
            }
            if (broken) {
                throw new IOException("Broken pipe");
            }
            synchronized (taken) {
                taken.write(bytes, from, size);
            }
        }

        String text() {
            synchronized (taken) {
                return taken.toString(UTF_8);
            }
        }
    }

    private LineWriter writer(int capacity, Duration patience) {
        return new LineWriter(pipe, capacity, patience, lines -> bytes(lines + " dropped"));
    }

    private static byte[] bytes(String line) {
        return (line + "\n").getBytes(UTF_8);
    }

    private static Deadline in(Duration duration) {
        return Deadline.after(duration, Ticker.system());
    }

    /** Lets the writing thread take {@code line} and hang in the stream with it. */
    private CountDownLatch hangWith(LineWriter writer, String line) throws InterruptedException {
        CountDownLatch gate = new CountDownLatch(1);
        pipe.gate = gate;
        writer.append(bytes(line));
        pipe.entered.await();
        return gate;
    }

    @Test
    void writesEveryLineInOrder() {
        LineWriter writer = writer(1 << 20, LONG);
        String[] lines = IntStream.range(0, 10_000).mapToObj(i -> "line " + i).toArray(String[]::new);

        for (String line : lines) {
            writer.append(bytes(line));
        }

        assertThat(writer.flush(in(LONG))).isTrue();
        assertThat(pipe.text().lines()).containsExactly(lines);
    }

    @Test
    void writesOnceAMillisecondUnderLoad() {
        LineWriter writer = writer(1 << 20, LONG);
        long started = System.nanoTime();

        for (int i = 0; i < 3_000; i++) {
            writer.append(bytes("line " + i));
            long next = System.nanoTime() + 20_000;
            while (System.nanoTime() < next) {
                Thread.onSpinWait();
            }
        }
        assertThat(writer.flush(in(LONG))).isTrue();

        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
        assertThat(pipe.writes).hasValueLessThan((int) millis + 30);
    }

    @Test
    void losesNoLineOfManyThreadsWithASmallBuffer() throws Exception {
        LineWriter writer = writer(64, LONG);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            int id = t;
            threads.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 500; i++) {
                    writer.append(bytes(id + ":" + i));
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(writer.flush(in(LONG))).isTrue();
        assertThat(writer.dropped()).isZero();
        for (int t = 0; t < 8; t++) {
            String prefix = t + ":";
            assertThat(pipe.text().lines().filter(line -> line.startsWith(prefix)))
                    .containsExactly(
                            IntStream.range(0, 500).mapToObj(i -> prefix + i).toArray(String[]::new));
        }
    }

    @Test
    void dropsAndCountsLinesWhenNothingReads() throws Exception {
        LineWriter writer = writer(10, Duration.ZERO);
        CountDownLatch gate = hangWith(writer, "in hand");

        writer.append(bytes("buffered"));
        writer.append(bytes("one too many"));
        writer.append(bytes("and another"));

        assertThat(writer.dropped()).isEqualTo(2);
        assertThat(writer.flush(in(Duration.ZERO))).isFalse();

        gate.countDown();
        assertThat(writer.flush(in(LONG))).isTrue();
        writer.append(bytes("later"));
        assertThat(writer.flush(in(LONG))).isTrue();
        assertThat(pipe.text().lines()).containsExactlyInAnyOrder("in hand", "buffered", "2 dropped", "later");
    }

    @Test
    void waitsForSpaceThatIsFreedInTime() throws Exception {
        LineWriter writer = writer(10, LONG);
        CountDownLatch gate = hangWith(writer, "in hand");
        writer.append(bytes("buffered"));
        Thread waiting = Thread.ofVirtual().start(() -> writer.append(bytes("waits")));

        gate.countDown();
        waiting.join();

        assertThat(writer.flush(in(LONG))).isTrue();
        assertThat(pipe.text()).isEqualTo("in hand\nbuffered\nwaits\n");
    }

    @Test
    void keepsTheInterruptAndTheLine() throws Exception {
        LineWriter writer = writer(10, LONG);
        CountDownLatch gate = hangWith(writer, "in hand");
        writer.append(bytes("buffered"));
        boolean[] interrupted = new boolean[1];
        Thread waiting = Thread.ofVirtual().start(() -> {
            Thread.currentThread().interrupt();
            writer.append(bytes("waits"));
            interrupted[0] = Thread.currentThread().isInterrupted();
        });

        gate.countDown();
        waiting.join();

        assertThat(interrupted[0]).isTrue();
        assertThat(writer.flush(in(LONG))).isTrue();
        assertThat(pipe.text()).endsWith("waits\n");
    }

    @Test
    void writesALineLongerThanItsBuffer() {
        LineWriter writer = writer(10, LONG);
        String line = "x".repeat(100_000);

        writer.append(bytes(line));

        assertThat(writer.flush(in(LONG))).isTrue();
        assertThat(pipe.text()).isEqualTo(line + "\n");
    }

    @Test
    void countsLinesThatABrokenStreamLoses() throws Exception {
        LineWriter writer = writer(1000, LONG);
        pipe.broken = true;
        writer.append(bytes("lost"));
        assertThat(writer.flush(in(LONG))).isTrue();
        assertThat(writer.dropped()).isEqualTo(1);

        pipe.broken = false;
        writer.append(bytes("found"));
        assertThat(writer.flush(in(LONG))).isTrue();

        writer.append(bytes("after"));
        assertThat(writer.flush(in(LONG))).isTrue();
        assertThat(pipe.text()).isEqualTo("found\n1 dropped\nafter\n");
    }

    static List<Error> errors() {
        return List.of(
                new NoClassDefFoundError("too many open files"),
                new StackOverflowError(),
                new InternalError("expected; it ends the thread"));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void goesOnAfterAnErrorInOneWrite(Error error) {
        LineWriter writer = writer(1000, Duration.ofSeconds(10));
        pipe.error = error;
        writer.append(bytes("lost"));
        assertThat(writer.flush(in(Duration.ofSeconds(20)))).isTrue();

        pipe.error = null;
        writer.append(bytes("written"));

        assertThat(writer.flush(in(Duration.ofSeconds(20)))).isTrue();
        assertThat(pipe.text()).contains("written").doesNotContain("lost");
        assertThat(writer.dropped()).isEqualTo(1);
    }

    @Test
    void goesOnIfTheNoticeFails() {
        AtomicInteger notices = new AtomicInteger();
        LineWriter writer = new LineWriter(pipe, 1000, LONG, lines -> {
            if (notices.incrementAndGet() == 1) {
                throw new IllegalStateException("expected");
            }
            return bytes(lines + " dropped");
        });
        pipe.broken = true;
        writer.append(bytes("lost"));
        assertThat(writer.flush(in(LONG))).isTrue();
        pipe.broken = false;

        writer.append(bytes("first"));
        assertThat(writer.flush(in(LONG))).isTrue();
        writer.append(bytes("second"));
        assertThat(writer.flush(in(LONG))).isTrue();

        writer.append(bytes("third"));
        assertThat(writer.flush(in(LONG))).isTrue();
        assertThat(pipe.text()).isEqualTo("first\nsecond\n1 dropped\nthird\n");
    }

    @Test
    void writesBeforeTheCallReturnsOnceClosed() {
        LineWriter writer = writer(1000, LONG);
        writer.append(bytes("early"));

        assertThat(writer.close(in(LONG))).isTrue();
        assertThat(pipe.text()).isEqualTo("early\n");

        writer.append(bytes("late"));
        assertThat(pipe.text()).isEqualTo("early\nlate\n");
    }

    @Test
    void endsInTimeWhenTheStreamHangs() throws Exception {
        LineWriter writer = writer(1000, Duration.ofMillis(1));
        CountDownLatch gate = hangWith(writer, "in hand");

        assertThat(writer.close(in(Duration.ZERO))).isFalse();
        writer.append(bytes("late"));
        writer.append(bytes("later"));

        assertThat(writer.dropped()).isZero();
        gate.countDown();
    }
}
