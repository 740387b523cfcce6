package io.lynx.transport;

import java.util.Optional;

/**
 * The PEM files of a client with TLS. They are read again when they change. Immutable and thread-safe.
 *
 * @param authorities the authorities of servers' certificates; those of the JDK if empty
 * @param certificate the client's certificate followed by its chain, for servers that require one
 * @param key its private key (PKCS #8), unencrypted
 */
public record ClientTls(Optional<String> authorities, Optional<String> certificate, Optional<String> key) {}
