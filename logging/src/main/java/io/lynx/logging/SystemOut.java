package io.lynx.logging;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * The present standard output, so that code that replaces {@link System#out}, such as a test runner, gets the lines.
 * Unlike a {@link PrintStream}, it throws when a write fails.
 *
 * <p>A {@code PrintStream} that has failed once reports a failure permanently, although later writes succeed, for example because a full
 * disk has room again. So if the standard output that was there at the beginning of the log has failed, lines are written to
 * the process's own standard output instead. Of a stream that has replaced it, only the first failure can be seen.
 */
final class SystemOut extends OutputStream {
    private final PrintStream original = System.out;
    private final FileOutputStream descriptor = new FileOutputStream(FileDescriptor.out);

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int size) throws IOException {
        PrintStream out = System.out;
        boolean hadFailed = out.checkError();
        if (hadFailed && isOwn(out)) {
            descriptor.write(bytes, from, size);
            return;
        }
        out.write(bytes, from, size);
        if (out.checkError() && !hadFailed) {
            throw new IOException("standard output failed");
        }
    }

    /** Returns whether {@code out} is the stream that the JVM has made; those of test runners are subclasses. */
    @SuppressWarnings("ReferenceEquality") // That very stream is meant.
    private boolean isOwn(PrintStream out) {
        return out == original && out.getClass() == PrintStream.class;
    }
}
