package io.lynx.logging;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * Standard output as the process has it now, so that those who replace {@link System#out} (test runners, containers) get
 * the lines; unlike a {@link PrintStream} it says when it fails.
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
