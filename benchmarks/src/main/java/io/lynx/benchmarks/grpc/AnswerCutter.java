package io.lynx.benchmarks.grpc;

import java.io.IOException;

/** Cuts the messages out of one answer, wherever its frames divide them, and checks the prefix of each. Used by one thread. */
final class AnswerCutter {
    /** The bytes of the flag and the length before a message. */
    static final int PREFIX = 5;

    private final int size;
    private int prefixBytes;
    private int length;
    private int left;
    private int messages;

    /**
     * A cutter for one answer.
     *
     * @param size that each message must have
     */
    AnswerCutter(int size) {
        this.size = size;
    }

    /** Takes {@code count} bytes of the answer. */
    void cut(byte[] bytes, int from, int count) throws IOException {
        int at = from;
        int end = from + count;
        while (at < end) {
            if (prefixBytes < PREFIX) {
                int value = bytes[at++] & 0xff;
                if (prefixBytes++ == 0) {
                    require(value == 0, "a message is compressed");
                    length = 0;
                } else {
                    length = (length << 8) | value;
                }
                if (prefixBytes == PREFIX) {
                    require(length == size, "a message has another length than the one that was sent");
                    left = length;
                }
            } else {
                int taken = Math.min(left, end - at);
                at += taken;
                left -= taken;
                if (left == 0) {
                    prefixBytes = 0;
                    messages++;
                }
            }
        }
    }

    /** Returns how many messages the answer had. */
    int complete() throws IOException {
        require(prefixBytes == 0, "the answer ended within a message");
        return messages;
    }

    private static void require(boolean holds, String fault) throws IOException {
        if (!holds) {
            throw new IOException("answer: " + fault);
        }
    }
}
