package io.lynx.examples.orders;

import io.lynx.config.Size;
import java.util.ArrayList;
import java.util.List;

/** Memory that is held for nothing, as by a leak. Thread-safe. */
final class MemoryFault {
    private static final int BLOCK = 1 << 20;

    /** What an array needs besides its elements; without room for it, a block would occupy two regions of a G1 heap. */
    private static final int HEADER = 64;

    /** What must stay free, in bytes, so that the service goes on. */
    private static final long RESERVE = 128L << 20;

    private final List<byte[]> blocks = new ArrayList<>();

    /**
     * Holds this much from now on, in whole MiB, in place of what it held.
     *
     * @throws IllegalArgumentException if the heap has no room for it; it holds nothing then
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

    /** How much it holds, in bytes. */
    synchronized long bytes() {
        return (long) blocks.size() * BLOCK;
    }
}
