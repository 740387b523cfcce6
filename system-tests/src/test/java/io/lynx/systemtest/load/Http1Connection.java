package io.lynx.systemtest.load;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/** One HTTP/1.1 connection; a request at a time. Not thread-safe. */
final class Http1Connection implements AutoCloseable {
    /**
     * The head of an answer, its body read to the end.
     *
     * @param status as on the first line
     * @param close whether the server closes after it
     */
    record Answer(int status, boolean close) {}

    private final SocketChannel channel;
    private final InputStream in;
    private final InetSocketAddress target;
    private final long openedNanos = System.nanoTime();
    private int requests;

    private Http1Connection(SocketChannel channel, InputStream in, InetSocketAddress target) {
        this.channel = channel;
        this.in = in;
        this.target = target;
    }

    static Http1Connection open(InetSocketAddress target, Duration timeout) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.socket().connect(target, (int) timeout.toMillis());
            channel.socket().setSoTimeout((int) timeout.toMillis());
            return new Http1Connection(
                    channel, new BufferedInputStream(channel.socket().getInputStream()), target);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    InetSocketAddress target() {
        return target;
    }

    int requests() {
        return requests;
    }

    /** When it was opened, on {@link System#nanoTime}. */
    long openedNanos() {
        return openedNanos;
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - openedNanos);
    }

    /** Whether the server has already closed it, or said something that nobody asked for. */
    boolean isStale() {
        try {
            channel.configureBlocking(false);
            int read = channel.read(ByteBuffer.allocate(1));
            channel.configureBlocking(true);
            return read != 0;
        } catch (IOException e) {
            return true;
        }
    }

    /** Writes a request in one piece; an exception means that the kernel took nothing of it. */
    void write(String path) throws IOException {
        String request = "GET " + path + " HTTP/1.1\r\nHost: " + target.getHostString() + ":" + target.getPort()
                + "\r\nAccept: */*\r\n\r\n";
        channel.socket().getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        requests++;
    }

    /** Reads an answer to its last byte; an exception means that it was not complete. */
    Answer read() throws IOException {
        String statusLine = line();
        int status = Integer.parseInt(statusLine.substring(9, 12));
        boolean close = false;
        boolean chunked = false;
        long length = -1;
        for (String header = line(); !header.isEmpty(); header = line()) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("connection:")) {
                close = lower.contains("close");
            } else if (lower.startsWith("content-length:")) {
                length = Long.parseLong(lower.substring(15).strip());
            } else if (lower.startsWith("transfer-encoding:")) {
                chunked = lower.contains("chunked");
            }
        }
        if (chunked) {
            skipChunks();
        } else if (length > 0) {
            in.skipNBytes(length);
        } else if (length < 0 && status != 204 && status != 304) {
            throw new IOException("an answer without a length: " + statusLine);
        }
        return new Answer(status, close);
    }

    private void skipChunks() throws IOException {
        for (int size = chunkSize(); size > 0; size = chunkSize()) {
            in.skipNBytes(size);
            String end = line();
            if (!end.isEmpty()) {
                throw new IOException("a chunk that does not end: " + end);
            }
        }
        String trailer = line();
        while (!trailer.isEmpty()) {
            trailer = line();
        }
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(line(), 16);
    }

    private String line() throws IOException {
        var text = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException(text.isEmpty() ? "closed before the answer" : "closed within: " + text);
            }
            if (c != '\r') {
                text.append((char) c);
            }
        }
        return text.toString();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing is left to be done with it.
        }
    }
}
