package io.lynx.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** A client of TLS that decides itself when the bytes of which record are sent. */
final class EngineClient {
    private static final int LARGE = 64 * 1024;

    private final SSLEngine engine;
    private final Socket socket;
    private final ByteBuffer received = ByteBuffer.allocate(2 * LARGE).flip();

    EngineClient(SSLEngine engine, Socket socket) {
        this.engine = engine;
        this.socket = socket;
        engine.setUseClientMode(true);
    }

    /** Does the handshake but for its last message, which is returned and not sent. */
    byte[] handshake() throws IOException {
        engine.beginHandshake();
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_WRAP -> {
                    byte[] message = wrap(ByteBuffer.allocate(0));
                    if (isEnded()) {
                        return message;
                    }
                    socket.getOutputStream().write(message);
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    String _ = unwrap();
                }
                case NEED_TASK -> {
                    for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                        task.run();
                    }
                }
                case FINISHED, NOT_HANDSHAKING -> throw new IllegalStateException("the server sent the last message");
            }
        }
    }

    private boolean isEnded() {
        HandshakeStatus status = engine.getHandshakeStatus();
        return status == HandshakeStatus.NOT_HANDSHAKING || status == HandshakeStatus.FINISHED;
    }

    /** Returns the records of that text. */
    byte[] encrypt(byte[] text) throws SSLException {
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        ByteBuffer source = ByteBuffer.wrap(text);
        while (source.hasRemaining()) {
            records.writeBytes(wrap(source));
        }
        return records.toByteArray();
    }

    private byte[] wrap(ByteBuffer source) throws SSLException {
        ByteBuffer target = ByteBuffer.allocate(LARGE);
        SSLEngineResult _ = engine.wrap(source, target);
        byte[] bytes = new byte[target.flip().remaining()];
        target.get(bytes);
        return bytes;
    }

    /** Reads one record; returns its text. */
    String awaitRecord() throws IOException {
        return unwrap();
    }

    private String unwrap() throws IOException {
        ByteBuffer text = ByteBuffer.allocate(LARGE);
        while (engine.unwrap(received, text).getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
            receive();
        }
        return StandardCharsets.US_ASCII.decode(text.flip()).toString();
    }

    private void receive() throws IOException {
        received.compact();
        InputStream in = socket.getInputStream();
        int count = in.read(received.array(), received.position(), received.remaining());
        received.position(received.position() + Math.max(0, count)).flip();
        if (count < 0) {
            throw new EOFException("the server has closed the connection");
        }
    }

    /** Reads on to the first text, which is the answer. */
    String answer() throws IOException {
        String text = unwrap();
        while (text.isEmpty()) {
            text = unwrap();
        }
        return text;
    }
}
