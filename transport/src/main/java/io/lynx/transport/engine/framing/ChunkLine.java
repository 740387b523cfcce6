package io.lynx.transport.engine.framing;

/** The line before each chunk of a body of HTTP/1.1 (RFC 9112, 7.1), byte by byte: a size and extensions. Not thread-safe. */
final class ChunkLine {
    /** Digits of a chunk size beyond which it is refused: a chunk has less than 256 MiB. */
    private static final int MAX_SIZE_DIGITS = 7;

    private static final int MAX_LINE = 4096;
    private static final int MANY_CHUNKS = 256;
    private static final int TINY_CHUNK = 16;

    private enum Part {
        SIZE_START,
        SIZE,
        EXTENSION,
        QUOTED,
        ESCAPED
    }

    private Part part = Part.SIZE_START;
    private int lineLength;
    private int digits;
    private long size;
    private long chunks;
    private long chunkBytes;
    private String detail = "";

    /** The chunks of another body follow. */
    void beginBody() {
        chunks = 0;
        chunkBytes = 0;
        begin();
    }

    /** The next byte is the first of a line. */
    void begin() {
        part = Part.SIZE_START;
        lineLength = 0;
        digits = 0;
        size = 0;
    }

    /** Takes the next byte; the line is complete at its CR. */
    FramingStep step(int c) {
        if (++lineLength > MAX_LINE) {
            return fail("the size line of a chunk is too long");
        }
        return part == Part.SIZE_START || part == Part.SIZE ? size(c) : extension(c);
    }

    private FramingStep size(int c) {
        int digit = Character.digit(c, 16);
        if (c < 0x80 && digit >= 0) {
            part = Part.SIZE;
            digits += size == 0 && digit == 0 ? 0 : 1;
            if (digits > MAX_SIZE_DIGITS) {
                return fail("the size of a chunk is too large");
            }
            size = size * 16 + digit;
        } else if (part == Part.SIZE && c == '\r') {
            return complete();
        } else if (part == Part.SIZE && c == ';') {
            part = Part.EXTENSION;
        } else {
            return fail("the size of a chunk is not a hexadecimal number");
        }
        return FramingStep.MORE;
    }

    private FramingStep extension(int c) {
        if ((c < ' ' && c != '\t' && !(c == '\r' && part == Part.EXTENSION)) || c == 0x7f) {
            return fail("a chunk extension contains a control character");
        }
        if (part == Part.ESCAPED) {
            part = Part.QUOTED;
        } else if (c == '"') {
            part = part == Part.QUOTED ? Part.EXTENSION : Part.QUOTED;
        } else if (part == Part.QUOTED) {
            part = c == '\\' ? Part.ESCAPED : Part.QUOTED;
        } else if (c == '\r') {
            return complete();
        }
        return FramingStep.MORE;
    }

    private FramingStep complete() {
        chunks++;
        chunkBytes += size;
        return FramingStep.DONE;
    }

    private FramingStep fail(String detail) {
        this.detail = detail;
        return FramingStep.FAILED;
    }

    /** The size of the chunk whose line is complete; 0 for the last one. */
    long size() {
        return size;
    }

    /** Returns whether the chunks of the body are so small that they cost much more time than their length suggests. */
    boolean areTiny() {
        return chunks > MANY_CHUNKS && chunkBytes < chunks * TINY_CHUNK;
    }

    /** What is wrong with a line that failed. */
    String detail() {
        return detail;
    }
}
