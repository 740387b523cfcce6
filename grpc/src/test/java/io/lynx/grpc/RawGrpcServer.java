package io.lynx.grpc;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that writes the frames of HTTP/2 itself, right and wrong ones: a script answers each call. */
final class RawGrpcServer implements AutoCloseable {
    private static final int PREFACE = 24;

    private final ServerSocket listening;
    private final Script script;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** How many calls have arrived. */
    final AtomicInteger calls = new AtomicInteger();

    /** How many connections were accepted. */
    final AtomicInteger connections = new AtomicInteger();

    /** How many streams the client has reset. */
    final AtomicInteger resets = new AtomicInteger();

    /** Answers a call. */
    @FunctionalInterface
    interface Script {
        void answer(Peer peer, int stream, int call) throws IOException;
    }

    RawGrpcServer(Script script) throws IOException {
        this.script = script;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listening.accept();
                open.add(socket);
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            Peer peer = new Peer(socket);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            in.readFully(new byte[PREFACE]);
            peer.frame(RawGrpc.SETTINGS, 0, 0, new byte[0]);
            while (true) {
                int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
                int type = in.readUnsignedByte();
                int flags = in.readUnsignedByte();
                int stream = in.readInt();
                byte[] payload = new byte[length];
                in.readFully(payload);
                if (type == RawGrpc.SETTINGS && (flags & 1) == 0) {
                    peer.frame(RawGrpc.SETTINGS, 1, 0, new byte[0]);
                } else if (type == RawGrpc.PING && (flags & 1) == 0) {
                    peer.frame(RawGrpc.PING, 1, 0, payload);
                } else if (type == RawGrpc.RST_STREAM) {
                    resets.incrementAndGet();
                } else if (type == RawGrpc.HEADERS) {
                    script.answer(peer, stream, calls.incrementAndGet());
                }
            }
        } catch (IOException closed) {
            // By the client or the script.
        }
    }

    /** One connection, as a script sees it. */
    static final class Peer {
        private final Socket socket;
        private final OutputStream out;

        Peer(Socket socket) throws IOException {
            this.socket = socket;
            this.out = socket.getOutputStream();
        }

        void frame(int type, int flags, int stream, byte[] payload) throws IOException {
            ByteArrayOutputStream frame = new ByteArrayOutputStream();
            frame.write(payload.length >> 16);
            frame.write(payload.length >> 8);
            frame.write(payload.length);
            frame.write(type);
            frame.write(flags);
            frame.write(stream >> 24);
            frame.write(stream >> 16);
            frame.write(stream >> 8);
            frame.write(stream);
            frame.writeBytes(payload);
            out.write(frame.toByteArray());
            out.flush();
        }

        /** Sends bytes that need not be frames. */
        void raw(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        /** Sends header fields: names and values in turn. */
        void headers(int stream, boolean isEnd, String... fields) throws IOException {
            ByteArrayOutputStream block = new ByteArrayOutputStream();
            for (int i = 0; i < fields.length; i += 2) {
                block.write(0);
                text(block, fields[i]);
                text(block, fields[i + 1]);
            }
            int flags = RawGrpc.END_HEADERS | (isEnd ? RawGrpc.END_STREAM : 0);
            frame(RawGrpc.HEADERS, flags, stream, block.toByteArray());
        }

        /** Answers with trailers alone. */
        void refuse(int stream, String... more) throws IOException {
            headers(stream, true, head(more));
        }

        private static void text(ByteArrayOutputStream block, String text) {
            byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            if (bytes.length > 126) {
                throw new IllegalArgumentException("longer than this server can write");
            }
            block.write(bytes.length);
            block.writeBytes(bytes);
        }

        /** The head of an answer of gRPC, with more fields. */
        void head(int stream, String... more) throws IOException {
            headers(stream, false, head(more));
        }

        private static String[] head(String... more) {
            String[] fields = new String[more.length + 4];
            fields[0] = ":status";
            fields[1] = "200";
            fields[2] = "content-type";
            fields[3] = "application/grpc";
            System.arraycopy(more, 0, fields, 4, more.length);
            return fields;
        }

        void data(int stream, byte[] bytes, boolean isEnd) throws IOException {
            frame(RawGrpc.DATA, isEnd ? RawGrpc.END_STREAM : 0, stream, bytes);
        }

        void message(int stream, String text) throws IOException {
            data(stream, RawGrpc.message(0, text), false);
        }

        void trailers(int stream, String... fields) throws IOException {
            headers(stream, true, fields);
        }

        /** A whole answer. */
        void answer(int stream, String text) throws IOException {
            head(stream);
            message(stream, text);
            trailers(stream, "grpc-status", "0");
        }

        void reset(int stream, int code) throws IOException {
            frame(RawGrpc.RST_STREAM, 0, stream, new byte[] {0, 0, 0, (byte) code});
        }

        void goAway(int last) throws IOException {
            frame(RawGrpc.GOAWAY, 0, 0, new byte[] {0, 0, 0, (byte) last, 0, 0, 0, 0});
        }

        void close() throws IOException {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
