package io.lynx.transport.engine;

import io.lynx.transport.ListenerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.function.UnaryOperator;

/** Finds out which key keeps a listener from opening: its host or its port. Stateless. */
final class ListenFailure {
    private static final String ALLOWED = "; an address of this machine, or 0.0.0.0 for all of them";

    private ListenFailure() {}

    /**
     * Returns a message that names the key and the remedy.
     *
     * @param origins where the value of a key comes from
     */
    static String describe(ListenerConfig config, UnaryOperator<String> origins, Throwable cause) {
        String key = config.section() + ".host";
        String host = key + ": '" + config.host() + "' ";
        try {
            InetAddress address = InetAddress.getByName(config.host());
            // Linux binds every address of 127.0.0.0/8, though no interface has it.
            boolean isLocal = address.isAnyLocalAddress()
                    || address.isLoopbackAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
            if (!isLocal) {
                String numbers = address.getHostAddress();
                return host + (config.host().equals(numbers) ? "" : "is " + numbers + ", which ")
                        + "is not an address of this machine (" + origins.apply(key) + ")" + ALLOWED;
            }
        } catch (UnknownHostException e) {
            return host + "cannot be resolved (" + origins.apply(key) + ")" + ALLOWED;
        } catch (IOException unknown) {
            // The interfaces cannot be read; the cause says what there is to say.
        }
        return config.section() + ".port: cannot listen on " + config.host() + ":" + config.port() + " ("
                + cause.getMessage() + "); use a free port, or 0 for any free one";
    }
}
