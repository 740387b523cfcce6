package io.lynx.security;

import io.lynx.extension.ExtensionPoint;
import io.lynx.extension.ResourceKey;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * Finds out who a caller is. Implementations are thread-safe; they may block, for example on a directory service, and their
 * time counts as part of the request's.
 */
@FunctionalInterface
@ExtensionPoint(thread = "the virtual thread of the request", deadline = "the request's deadline")
public interface Authenticator {
    /** What identifies the callers of an application, as the plugin that configures it shares it. */
    ResourceKey<Authenticator> KEY = ResourceKey.of("security.authenticator", Authenticator.class);

    /**
     * Authenticates a caller.
     *
     * @return the caller; empty if the credentials are not of the kind that this authenticator checks, so that another may try. A bearer
     *     token for which all of them return empty is invalid
     * @throws AuthenticationException if the credentials are of its kind and invalid
     * @throws Exception if they cannot be checked now; the request then fails with 503, not with 401
     */
    Optional<Principal> authenticate(Credentials credentials) throws Exception;

    /** Signals invalid credentials. Its message goes to the log, never to the caller. Has no stack trace: strangers can cause it. */
    final class AuthenticationException extends Exception {
        /** Creates one; the message says what is wrong and contains no credentials. */
        public AuthenticationException(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * What a caller presents, independent of its protocol: request headers or gRPC metadata, the address of its connection, and
     * the certificates of its TLS session. Its methods read what the transport already has; they never block. Thread-safe.
     */
    interface Credentials {
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
}
