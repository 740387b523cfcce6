package io.lynx.systemtest.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that misbehaves in one way at every fifth request, and counts how often it did. Thread-safe. */
final class Http1Double implements AutoCloseable {
    /** What becomes of every fifth request. */
    enum Manner {
        /** It is answered like the others. */
        ANSWERS,
        /** It is answered, with the word that the connection closes. */
        SAYS_CLOSE,
        /** It is answered, and the connection closes without a word. */
        CLOSES_AFTER,
        /** It is read, and the connection closes. */
        DROPS,
        /** It is read, and the connection is reset. */
        RESETS,
        /** Half of the answer is sent. */
        CUTS,
        /** It is answered by 503. */
        REFUSES
    }

    private final ServerSocket server;
    private final Manner manner;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger fifths = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    Http1Double(Manner manner) throws IOException {
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
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            boolean goesOn = true;
            while (goesOn && readHead(in)) {
                goesOn = answer(socket, requests.incrementAndGet() % 5 == 0 ? manner : Manner.ANSWERS);
            }
        } catch (IOException e) {
            // The client has gone, or this server is closed.
        } finally {
            open.remove(socket);
        }
    }

    private static boolean readHead(BufferedReader in) throws IOException {
        String line = in.readLine();
        while (line != null && !line.isEmpty()) {
            line = in.readLine();
        }
        return line != null;
    }

    private boolean answer(Socket socket, Manner now) throws IOException {
        OutputStream out = socket.getOutputStream();
        if (now != Manner.ANSWERS) {
            fifths.incrementAndGet();
        }
        switch (now) {
            case ANSWERS, CLOSES_AFTER -> write(out, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
            case SAYS_CLOSE ->
                write(
                        out,
                        "HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
            case CUTS -> write(out, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
            case REFUSES -> write(out, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
            case RESETS -> socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            case DROPS -> {
                // Nothing is written.
            }
        }
        return now == Manner.ANSWERS || now == Manner.REFUSES;
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
