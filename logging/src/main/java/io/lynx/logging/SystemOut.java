package io.lynx.logging;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * The present standard output, so that code that replaces {@link System#out}, such as a test runner, gets the lines.
 * Unlike a {@link PrintStream}, it throws when a write fails.
 */
final class SystemOut extends OutputStream {
    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int size) throws IOException {
        PrintStream out = System.out;
        out.write(bytes, from, size);
        if (out.checkError()) {
            throw new IOException("standard output failed");
        }
    }
}
