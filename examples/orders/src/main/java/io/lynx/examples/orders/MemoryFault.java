package io.lynx.examples.orders;

import io.lynx.config.Size;
import java.util.ArrayList;
import java.util.List;

/** Holds memory without a use, as a leak does. Thread-safe. */
final class MemoryFault {
    private static final int BLOCK = 1 << 20;

    /** The overhead of an array in bytes; without it, a block would occupy two regions of a G1 heap. */
    private static final int HEADER = 64;

    /** The memory that must stay free so that the service keeps working, in bytes. */
    private static final long RESERVE = 128L << 20;

    private final List<byte[]> blocks = new ArrayList<>();

    /**
     * Holds this amount from now on, rounded to MiB, instead of the previous one.
     *
     * @throws IllegalArgumentException if the heap has too little memory for it; then nothing is held
     */
    synchronized void hold(Size size) {
        blocks.clear();
        Runtime runtime = Runtime.getRuntime();
        long room = runtime.maxMemory() - RESERVE;
        if (size.bytes() > room) {
            throw new IllegalArgumentException("memory fault: '" + size + "'; up to " + Math.max(0, room >> 20)
                    + "MiB, by the heap's size (-Xmx)");
        }
        for (long held = 0; held + BLOCK <= size.bytes(); held += BLOCK) {
            blocks.add(new byte[BLOCK - HEADER]);
        }
    }

    /** Returns the amount that is held, in bytes. */
    synchronized long bytes() {
        return (long) blocks.size() * BLOCK;
    }
}
