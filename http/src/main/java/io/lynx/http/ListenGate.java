package io.lynx.http;

/**
 * Closes a listening port to new handshakes while those already made are still accepted: between the last accept and the
 * close of the socket the kernel would go on making connections, and reset them.
 */
@FunctionalInterface
interface ListenGate {
    /** A port that cannot be closed to handshakes. */
    ListenGate NONE = _ -> false;

    /** Closes {@code port}; says whether it is closed. */
    boolean close(int port);
}
