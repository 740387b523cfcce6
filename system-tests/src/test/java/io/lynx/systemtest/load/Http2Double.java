package io.lynx.systemtest.load;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** An HTTP/2 server that misbehaves in one way at every fifth stream, and counts how often it did. Thread-safe. */
final class Http2Double implements AutoCloseable {
    /** What becomes of every fifth stream. */
    enum Manner {
        /** It is answered like the others. */
        ANSWERS,
        /** The client is told to go away, twice; all it has opened is answered. */
        LEAVES,
        /** The client is told to go away and that this stream was not processed. */
        LEAVES_WITHOUT_IT,
        /** The stream is reset as refused. */
        REFUSES,
        /** The stream is reset as failed. */
        FAILS,
        /** The connection closes without a word. */
        DROPS,
        /** It is answered by 503, as a server with a Huffman coder writes it. */
        UNAVAILABLE
    }

    private static final byte[] OK = {(byte) 0x88};
    /** A literal on the name of index 8, "503" in Huffman's code: 011011 00000 011001 1111111. */
    private static final byte[] SERVICE_UNAVAILABLE = {0x48, (byte) 0x83, 0x6c, 0x0c, (byte) 0xff};

    private final ServerSocket server;
    private final Manner manner;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger fifths = new AtomicInteger();

    Http2Double(Manner manner) throws IOException {
        this.manner = manner;
        this.server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** How often it did what its manner is. */
    int fifths() {
        return fifths.get();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            OutputStream out = socket.getOutputStream();
            in.skipNBytes(Http2Frame.PREFACE.length);
            out.write(Http2Frame.settings().bytes());
            boolean goesOn = true;
            for (Http2Frame frame = Http2Frame.read(in); goesOn && frame != null; frame = Http2Frame.read(in)) {
                if (frame.type() == Http2Frame.HEADERS) {
                    boolean fifth = requests.incrementAndGet() % 5 == 0;
                    goesOn = answer(in, out, frame.stream(), fifth ? manner : Manner.ANSWERS);
                    if (!goesOn) {
                        return;
                    }
                }
            }
        } catch (IOException e) {
            // The client has gone, or this server is closed.
        }
    }

    private boolean answer(DataInputStream in, OutputStream out, int stream, Manner now) throws IOException {
        if (now != Manner.ANSWERS) {
            fifths.incrementAndGet();
        }
        switch (now) {
            case ANSWERS -> respond(out, stream, OK);
            case UNAVAILABLE -> respond(out, stream, SERVICE_UNAVAILABLE);
            case REFUSES ->
                out.write(Http2Frame.ofInts(Http2Frame.RST_STREAM, stream, Http2Frame.REFUSED_STREAM)
                        .bytes());
            case FAILS ->
                out.write(Http2Frame.ofInts(Http2Frame.RST_STREAM, stream, 2).bytes());
            case DROPS -> {
                return false;
            }
            case LEAVES -> {
                out.write(Http2Frame.ofInts(Http2Frame.GOAWAY, 0, Integer.MAX_VALUE, 0)
                        .bytes());
                respond(out, stream, OK);
                int last = Math.max(stream, answerTheRest(in, out));
                out.write(Http2Frame.ofInts(Http2Frame.GOAWAY, 0, last, 0).bytes());
                return false;
            }
            case LEAVES_WITHOUT_IT -> {
                out.write(Http2Frame.ofInts(Http2Frame.GOAWAY, 0, Math.max(0, stream - 2), 0)
                        .bytes());
                while (Http2Frame.read(in) != null) {
                    // What it still sends is not processed; it closes when it has no stream left.
                }
                return false;
            }
        }
        return true;
    }

    /** Answers all streams that cross the GOAWAY; a client that obeys it closes when it has no more. */
    private static int answerTheRest(DataInputStream in, OutputStream out) throws IOException {
        int last = 0;
        for (Http2Frame frame = Http2Frame.read(in); frame != null; frame = Http2Frame.read(in)) {
            if (frame.type() == Http2Frame.HEADERS) {
                last = frame.stream();
                respond(out, last, OK);
            }
        }
        return last;
    }

    private static void respond(OutputStream out, int stream, byte[] block) throws IOException {
        out.write(new Http2Frame(Http2Frame.HEADERS, Http2Frame.END_HEADERS, stream, block).bytes());
        out.write(new Http2Frame(Http2Frame.DATA, Http2Frame.END_STREAM, stream, new byte[] {'h', 'i'}).bytes());
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
