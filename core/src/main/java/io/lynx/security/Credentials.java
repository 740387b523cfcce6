package io.lynx.security;

import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * What a caller presents, independent of its protocol: request headers or gRPC metadata, the address of its connection, and
 * the certificates of its TLS session. Its methods read what the transport already has; they never block. Thread-safe.
 */
public interface Credentials {
    /** Returns all values of a header or metadata key, in order; names are case-insensitive. */
    List<String> headers(String name);

    /** Returns the value of a header if there is exactly one; a repeated header authenticates nobody. */
    default Optional<String> header(String name) {
        List<String> values = headers(name);
        return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
    }

    /** Returns the token of {@code Authorization: Bearer …} (RFC 6750, section 2.1), if there is exactly one. */
    default Optional<String> bearerToken() {
        return header("authorization")
                .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
                .map(value -> value.substring(7).strip())
                .filter(token -> !token.isEmpty());
    }

    /** Returns the address of the connection's other end. */
    InetSocketAddress remoteAddress();

    /** Returns the client's certificate chain, its own first; empty unless the connection uses mutual TLS. */
    List<X509Certificate> certificates();
}
