package io.lynx.systemtest.load;

import io.lynx.systemtest.load.Outcome.Answered;
import io.lynx.systemtest.load.Outcome.Lost;
import io.lynx.systemtest.load.Outcome.NotSent;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One HTTP/2 connection in clear text by prior knowledge. It obeys GOAWAY to the letter: after the first one no stream is
 * opened, and streams above the last one that the server named are safe to send elsewhere; so are those reset as
 * refused. Whatever else ends without an answer is lost. Thread-safe.
 */
final class Http2Connection implements AutoCloseable {
    private static final int MAX_STREAMS = 100;
    private static final int WINDOW = 1 << 20;

    private final InetSocketAddress target;
    private final Socket socket;
    private final DataInputStream in;
    private final long openedNanos = System.nanoTime();
    private final ReentrantLock writing = new ReentrantLock();
    private final Map<Integer, Stream> streams = new ConcurrentHashMap<>();
    private int nextStream = 1;
    private int lastStream = Integer.MAX_VALUE;
    private volatile boolean leaving;
    private volatile String end = "";

    private static final class Stream {
        private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        private volatile int status;
    }

    private Http2Connection(InetSocketAddress target, Socket socket) throws IOException {
        this.target = target;
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    static Http2Connection open(InetSocketAddress target, Duration timeout) throws IOException {
        var socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(target, (int) timeout.toMillis());
            var connection = new Http2Connection(target, socket);
            var hello = new ByteArrayOutputStream();
            hello.writeBytes(Http2Frame.PREFACE);
            // No dynamic table, no pushes, a wide window for each stream and for all.
            hello.writeBytes(Http2Frame.settings(1, 0, 2, 0, 4, WINDOW).bytes());
            hello.writeBytes(
                    Http2Frame.ofInts(Http2Frame.WINDOW_UPDATE, 0, WINDOW).bytes());
            socket.getOutputStream().write(hello.toByteArray());
            Thread.ofVirtual().name("load-http2").start(connection::readAll);
            return connection;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    InetSocketAddress target() {
        return target;
    }

    /** When it was opened, on {@link System#nanoTime}. */
    long openedNanos() {
        return openedNanos;
    }

    /** Whether the server has said that it takes no more streams, or is gone. */
    boolean isLeaving() {
        return leaving;
    }

    /** Why no stream is opened any more; empty if streams are. */
    String end() {
        return end;
    }

    private void leave(String reason) {
        end = end.isEmpty() ? reason : end;
        leaving = true;
    }

    /** Opens a stream with a request; empty if none may be opened here any more, and then nothing was written. */
    Optional<CompletableFuture<Outcome>> request(String path) {
        byte[] block = Hpack.get(target.getHostString() + ":" + target.getPort(), path);
        writing.lock();
        try {
            if (leaving || streams.size() >= MAX_STREAMS) {
                return Optional.empty();
            }
            int id = nextStream;
            var stream = new Stream();
            streams.put(id, stream);
            try {
                send(new Http2Frame(Http2Frame.HEADERS, Http2Frame.END_STREAM | Http2Frame.END_HEADERS, id, block));
            } catch (IOException e) {
                // The reset had arrived before: the kernel took nothing.
                leave(e.toString());
                streams.remove(id);
                return Optional.empty();
            }
            nextStream += 2;
            return Optional.of(stream.outcome);
        } finally {
            writing.unlock();
        }
    }

    private void readAll() {
        String end = "closed without an answer";
        try {
            for (Http2Frame frame = Http2Frame.read(in); frame != null; frame = Http2Frame.read(in)) {
                accept(frame);
            }
        } catch (IOException | RuntimeException e) {
            end = e.toString();
        }
        finish(end);
    }

    private void accept(Http2Frame frame) throws IOException {
        switch (frame.type()) {
            case Http2Frame.DATA -> data(frame);
            case Http2Frame.HEADERS -> headers(frame);
            case Http2Frame.RST_STREAM -> reset(frame);
            case Http2Frame.SETTINGS, Http2Frame.PING -> acknowledge(frame);
            case Http2Frame.GOAWAY -> goAway(frame.intAt(0) & 0x7fff_ffff);
            default -> {
                // Nothing that concerns a client of this kind; a CONTINUATION never carries the status.
            }
        }
    }

    private void headers(Http2Frame frame) {
        Stream stream = streams.get(frame.stream());
        if (stream == null) {
            return;
        }
        ByteBuffer block = frame.fragment();
        if (stream.status < 200) {
            stream.status = Hpack.status(block);
        }
        if (frame.has(Http2Frame.END_STREAM)) {
            end(frame.stream(), new Answered(stream.status));
        }
    }

    private void data(Http2Frame frame) throws IOException {
        int length = frame.payload().length;
        if (length > 0) {
            writing.lock();
            try {
                send(Http2Frame.ofInts(Http2Frame.WINDOW_UPDATE, 0, length));
            } finally {
                writing.unlock();
            }
        }
        Stream stream = streams.get(frame.stream());
        if (stream != null && frame.has(Http2Frame.END_STREAM)) {
            end(frame.stream(), new Answered(stream.status));
        }
    }

    private void reset(Http2Frame frame) {
        int code = frame.intAt(0);
        end(
                frame.stream(),
                code == Http2Frame.REFUSED_STREAM
                        ? new NotSent("stream refused")
                        : lost(frame.stream(), "stream reset with code " + code));
    }

    private void acknowledge(Http2Frame frame) throws IOException {
        if (frame.has(Http2Frame.ACK)) {
            return;
        }
        byte[] payload = frame.type() == Http2Frame.PING ? frame.payload() : new byte[0];
        writing.lock();
        try {
            send(new Http2Frame(frame.type(), Http2Frame.ACK, 0, payload));
        } finally {
            writing.unlock();
        }
    }

    private void goAway(int last) {
        writing.lock();
        try {
            leave("GOAWAY " + last);
            lastStream = Math.min(lastStream, last);
        } finally {
            writing.unlock();
        }
        for (Integer id : streams.keySet()) {
            if (id > last) {
                end(id, new NotSent("above the last stream of GOAWAY"));
            }
        }
        closeIfDone();
    }

    private void finish(String reason) {
        writing.lock();
        try {
            leave(reason);
        } finally {
            writing.unlock();
        }
        streams.keySet().forEach(id -> end(id, lost(id, reason)));
        close();
    }

    private void end(int id, Outcome outcome) {
        Stream stream = streams.remove(id);
        if (stream != null) {
            stream.outcome.complete(outcome);
            closeIfDone();
        }
    }

    private void closeIfDone() {
        if (leaving && streams.isEmpty()) {
            close();
        }
    }

    private Lost lost(int id, String reason) {
        var age = Duration.ofNanos(System.nanoTime() - openedNanos);
        return new Lost(target, age, id / 2, "stream " + id + ": " + reason, System.nanoTime());
    }

    private void send(Http2Frame frame) throws IOException {
        socket.getOutputStream().write(frame.bytes());
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing is left to be done with it.
        }
    }
}
