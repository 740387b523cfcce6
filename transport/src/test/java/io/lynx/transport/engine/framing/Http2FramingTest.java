package io.lynx.transport.engine.framing;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.transport.engine.framing.Http2Framing.Violation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class Http2FramingTest {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;
    private static final int WHOLE = END_STREAM | END_HEADERS;

    private final Http2Framing framing = Http2Framing.beforePreface(10);
    private int window;

    @BeforeEach
    void preface() {
        assertThat(framing.examine(
                        Unpooled.copiedBuffer("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", StandardCharsets.US_ASCII)))
                .isEqualTo(24);
    }

    @Test
    void findsAPrefaceThatIsMalformed() {
        for (String sent : List.of("\n", "GET / HTTP/1.1\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSX", "\0")) {
            Http2Framing fresh = Http2Framing.upgraded(10);
            int passed = fresh.examine(Unpooled.copiedBuffer(sent, StandardCharsets.US_ASCII));

            assertThat(passed).isLessThan(sent.length());
            assertThat(fresh.violation()).extracting(Violation::code).isEqualTo(Http2Framing.PROTOCOL_ERROR);
        }
    }

    @Test
    void passesRequestsAndTrailers() {
        send(HEADERS, WHOLE, 1, 5);
        send(HEADERS, END_HEADERS, 3, 5);
        send(DATA, 0, 3, 100);
        send(HEADERS, WHOLE, 3, 5);
        send(HEADERS, WHOLE, 5, 5);

        assertThat(framing.violation()).isNull();
    }

    @Test
    void findsAStreamThatIsUsedAgain() {
        send(HEADERS, WHOLE, 1, 5);
        send(HEADERS, WHOLE, 1, 5);

        assertThat(framing.violation()).extracting(Violation::code).isEqualTo(Http2Framing.STREAM_CLOSED);
    }

    @Test
    void findsAStreamThatIsUsedAgainAfterItsReset() {
        send(HEADERS, END_HEADERS, 1, 5);
        send(RST_STREAM, 0, 1, 4);
        send(HEADERS, WHOLE, 1, 5);

        assertThat(framing.violation()).extracting(Violation::code).isEqualTo(Http2Framing.STREAM_CLOSED);
    }

    @Test
    void findsAStreamBelowTheOneBefore() {
        send(HEADERS, WHOLE, 5, 5);
        send(HEADERS, WHOLE, 3, 5);

        assertThat(framing.violation()).extracting(Violation::code).isEqualTo(Http2Framing.PROTOCOL_ERROR);
    }

    @Test
    void boundsStreamsThatAreOpenedWithoutEnd() {
        int stream = 1;
        while (framing.violation() == null && stream < 1000) {
            send(HEADERS, END_HEADERS, stream, 5);
            stream += 2;
        }

        assertThat(framing.violation()).extracting(Violation::code).isEqualTo(Http2Framing.ENHANCE_YOUR_CALM);
        assertThat(stream / 2).isEqualTo(21);
    }

    @Test
    void doesNotCountStreamsThatTheServerHasReset() {
        send(SETTINGS, ACK, 0, 0);
        for (int stream = 1; stream < 1000; stream += 2) {
            send(HEADERS, END_HEADERS, stream, 5);
            framing.closed(stream);
        }

        assertThat(framing.violation()).isNull();
    }

    @Test
    void countsStreamsThatTheServerHasResetUntilTheLimitIsAcknowledged() {
        int stream = 1;
        while (framing.violation() == null && stream < 1000) {
            send(HEADERS, END_HEADERS, stream, 5);
            framing.closed(stream);
            stream += 2;
        }

        assertThat(framing.violation()).extracting(Violation::code).isEqualTo(Http2Framing.ENHANCE_YOUR_CALM);
        assertThat(stream / 2).isEqualTo(21);
    }

    @Test
    void countsStreamsThatAreOpenBesidesThoseThatTheServerHasReset() {
        send(SETTINGS, ACK, 0, 0);
        int stream = 1;
        while (framing.violation() == null && stream < 1000) {
            send(HEADERS, END_HEADERS, stream, 5);
            framing.closed(stream);
            send(HEADERS, END_HEADERS, stream + 2, 5);
            stream += 4;
        }

        assertThat(framing.violation()).extracting(Violation::code).isEqualTo(Http2Framing.ENHANCE_YOUR_CALM);
        assertThat(stream / 4).isEqualTo(21);
    }

    @Test
    void passesTheTrailersOfAStreamThatTheServerHasResetOnce() {
        send(HEADERS, END_HEADERS, 1, 5);
        framing.closed(1);
        send(DATA, 0, 1, 100);
        send(HEADERS, WHOLE, 1, 5);
        assertThat(framing.violation()).isNull();

        send(HEADERS, WHOLE, 1, 5);
        assertThat(framing.violation()).extracting(Violation::code).isEqualTo(Http2Framing.STREAM_CLOSED);
    }

    /** Reads {@code in} as the reader does; returns what it passes on. */
    private String passed(ByteBuf in) {
        StringBuilder passed = new StringBuilder();
        int valid = framing.examine(in);
        while (framing.isLate() && in.isReadable()) {
            passed.append(in.readCharSequence(valid, StandardCharsets.ISO_8859_1));
            window += framing.dropLate(in);
            valid = framing.examine(in);
        }
        return passed.append(in.readCharSequence(valid, StandardCharsets.ISO_8859_1))
                .toString();
    }

    private static String text(ByteBuf... frames) {
        return Unpooled.wrappedBuffer(frames).toString(StandardCharsets.ISO_8859_1);
    }

    private void reset(int stream) {
        send(HEADERS, END_HEADERS, stream, 5);
        framing.closed(stream);
    }

    @Test
    void dropsTheBodyThatComesAfterTheResetOfItsStream() {
        reset(1);
        send(HEADERS, END_HEADERS, 3, 5);

        assertThat(passed(Unpooled.wrappedBuffer(
                        frame(DATA, 0, 3, 7), frame(DATA, 0, 1, 100), frame(DATA, 0, 1, 0), frame(DATA, 0, 3, 8))))
                .isEqualTo(text(frame(DATA, 0, 3, 7), frame(DATA, 0, 3, 8)));
        assertThat(window).isEqualTo(100);
        assertThat(framing.violation()).isNull();
    }

    @Test
    void dropsALateBodyThatIsReadInParts() {
        reset(1);
        ByteBuf both = Unpooled.wrappedBuffer(frame(DATA, END_STREAM, 1, 100), frame(HEADERS, WHOLE, 3, 5));

        assertThat(passed(both.readSlice(9))).isEmpty();
        assertThat(passed(both.readSlice(40))).isEmpty();
        assertThat(passed(both)).isEqualTo(text(frame(HEADERS, WHOLE, 3, 5)));
        assertThat(window).isEqualTo(100);
    }

    @Test
    void passesALateFrameWhoseBeginningIsPassed() {
        reset(1);
        ByteBuf frame = frame(DATA, 0, 1, 100);
        String all = text(frame);

        assertThat(passed(frame.readSlice(4)) + passed(frame)).isEqualTo(all);
        assertThat(window).isZero();
    }

    @Test
    void dropsNoMoreThanAClientMayHaveSentBeforeItKnew() {
        reset(1);
        for (int sent = 0; sent < 4 * 16_000; sent += 16_000) {
            assertThat(passed(frame(DATA, 0, 1, 16_000))).isEmpty();
        }

        assertThat(passed(frame(DATA, 0, 1, 16_000))).hasSize(9 + 16_000);
        assertThat(window).isEqualTo(4 * 16_000);
    }

    @Test
    void passesABodyBehindTheEndOfAStream() {
        reset(1);
        assertThat(passed(frame(DATA, END_STREAM, 1, 10))).isEmpty();

        assertThat(passed(frame(DATA, 0, 1, 10))).hasSize(19);
    }

    @Test
    void passesABodyInsideOfAHeaderBlock() {
        reset(1);
        send(HEADERS, END_STREAM, 3, 5);

        assertThat(passed(frame(DATA, 0, 1, 10))).hasSize(19);
    }

    @Test
    void findsAStreamThatIsUsedAgainAfterBothHaveResetIt() {
        send(HEADERS, END_HEADERS, 1, 5);
        framing.closed(1);
        send(RST_STREAM, 0, 1, 4);
        send(HEADERS, WHOLE, 1, 5);

        assertThat(framing.violation()).extracting(Violation::code).isEqualTo(Http2Framing.STREAM_CLOSED);
    }

    @Test
    void passesNothingOfTheFrameThatIsAViolation() {
        send(HEADERS, WHOLE, 1, 5);
        ByteBuf both = Unpooled.wrappedBuffer(frame(DATA, 0, 3, 7), frame(HEADERS, WHOLE, 1, 5));

        assertThat(framing.examine(both)).isEqualTo(9 + 7);
    }

    @Test
    void findsClientsThatMostlySendControlFrames() {
        for (int i = 0; i < 2000; i++) {
            send(DATA, 0, 1, 5);
        }
        assertThat(framing.isMostlyControl()).isFalse();

        for (int i = 0; i < 2000; i++) {
            send(SETTINGS, 0, 0, 6);
        }
        assertThat(framing.isMostlyControl()).isTrue();
    }

    @Test
    void doesNotDependOnHowTheBytesArrive() {
        ByteBuf all = Unpooled.wrappedBuffer(frame(HEADERS, WHOLE, 1, 5), frame(HEADERS, WHOLE, 1, 5));
        while (all.isReadable() && framing.violation() == null) {
            framing.examine(all.readSlice(1));
        }

        assertThat(framing.violation()).extracting(Violation::code).isEqualTo(Http2Framing.STREAM_CLOSED);
    }

    @Test
    void recognizesAcknowledgementsAndOpenHeaderBlocks() {
        assertThat(framing.isAcknowledged()).isFalse();
        send(SETTINGS, 1, 0, 0);
        assertThat(framing.isAcknowledged()).isTrue();

        send(HEADERS, END_STREAM, 1, 5);
        assertThat(framing.openHeaderBlock()).isOne();
        send(CONTINUATION, 0, 1, 5);
        assertThat(framing.openHeaderBlock()).isOne();
        send(CONTINUATION, END_HEADERS, 1, 5);
        assertThat(framing.openHeaderBlock()).isEqualTo(Http2Framing.NO_BLOCK);
    }

    private void send(int type, int flags, int stream, int length) {
        String _ = passed(frame(type, flags, stream, length));
    }

    private static ByteBuf frame(int type, int flags, int stream, int length) {
        return Unpooled.buffer(9 + length)
                .writeMedium(length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(stream)
                .writeZero(length);
    }
}
