package io.lynx.systemtest.hostile;

import io.lynx.systemtest.load.Http2Frame;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Where hostile clients connect to.
 *
 * @param port the port on the loopback
 * @param trusting trusts its certificate; null for clear text
 */
record AttackTarget(int port, @Nullable SSLContext trusting) {
    private static final String HOSTILE_ADDRESS = "127.0.0.2";
    private static final int TIMEOUT_MILLIS = 10_000;
    /** A server that is busy may leave the first segments of a connection unanswered. */
    private static final int CONNECT_TIMEOUT_MILLIS = 60_000;

    /** Connects for HTTP/1.1, after the TLS handshake if there is one. */
    Attacker connect() throws IOException {
        return connect("http/1.1");
    }

    /** Connects and begins HTTP/2 with these settings. */
    Attacker http2(int... settings) throws IOException {
        return connect("h2")
                .bytes(Http2Frame.PREFACE)
                .bytes(Http2Frame.settings(settings).bytes());
    }

    private Attacker connect(String protocol) throws IOException {
        return trusting == null ? raw() : tls("localhost", protocol);
    }

    /** Connects without a handshake; a small receive buffer makes the server's output pile up soon. */
    Attacker raw() throws IOException {
        Socket socket = socket();
        return new Attacker(socket, socket);
    }

    /**
     * Connects and completes the handshake.
     *
     * @param name the server's name; a session is resumed for a name that was used before
     * @param versions of TLS that the client supports; those of the JDK if there are none
     */
    Attacker tls(String name, String protocol, String... versions) throws IOException {
        if (trusting == null) {
            throw new IllegalStateException("target: it has no TLS");
        }
        Socket socket = socket();
        try {
            SSLSocket secured = (SSLSocket) trusting.getSocketFactory().createSocket(socket, name, port, true);
            SSLParameters parameters = secured.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {protocol});
            if (versions.length > 0) {
                parameters.setProtocols(versions);
            }
            secured.setSSLParameters(parameters);
            secured.startHandshake();
            return new Attacker(socket, secured);
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }

    private Socket socket() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        if (trusting != null) {
            // The turns of handshakes are by address, and a hostile client does not have that of the others.
            socket.bind(new InetSocketAddress(HOSTILE_ADDRESS, 0));
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_TIMEOUT_MILLIS);
        return socket;
    }
}
