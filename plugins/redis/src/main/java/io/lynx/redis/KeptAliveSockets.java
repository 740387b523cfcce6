package io.lynx.redis;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketOption;
import java.util.Map;
import jdk.net.ExtendedSocketOptions;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * Connects to one server with keep-alive probes that begin after 15 seconds of silence. A blocking command outside of a request waits for
 * its answer without a time limit: these probes end it if the server vanishes, within half a minute. By the settings of most systems, the
 * first one is sent after two hours. Thread-safe.
 */
final class KeptAliveSockets extends DefaultJedisSocketFactory {
    private static final Map<SocketOption<Integer>, Integer> PROBES = Map.of(
            ExtendedSocketOptions.TCP_KEEPIDLE,
            15,
            ExtendedSocketOptions.TCP_KEEPINTERVAL,
            5,
            ExtendedSocketOptions.TCP_KEEPCOUNT,
            3);

    KeptAliveSockets(HostAndPort server, JedisClientConfig config) {
        super(server, config);
    }

    @Override
    public Socket createSocket() {
        Socket socket = super.createSocket();
        try {
            keepAlive(socket);
            return socket;
        } catch (IOException broken) {
            JedisConnectionException failure = new JedisConnectionException("Failed to set up the connection.", broken);
            try {
                socket.close();
            } catch (IOException alreadyClosed) {
                failure.addSuppressed(alreadyClosed);
            }
            throw failure;
        }
    }

    /** Sends such probes on a connection, if the platform can. */
    static void keepAlive(Socket socket) throws IOException {
        if (!socket.supportedOptions().containsAll(PROBES.keySet())) {
            return;
        }
        socket.setKeepAlive(true);
        for (Map.Entry<SocketOption<Integer>, Integer> probe : PROBES.entrySet()) {
            Socket _ = socket.setOption(probe.getKey(), probe.getValue());
        }
    }
}
