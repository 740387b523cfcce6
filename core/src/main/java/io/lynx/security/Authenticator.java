package io.lynx.security;

import io.lynx.extension.ExtensionPoint;
import java.util.Optional;

/**
 * Finds out who a caller is. Implementations are thread-safe; they may block, for example on a directory service, and their
 * time counts as part of the request's.
 */
@FunctionalInterface
@ExtensionPoint(thread = "the virtual thread of the request", deadline = "the request's deadline")
public interface Authenticator {
    /**
     * Authenticates a caller.
     *
     * @return the caller; empty if the credentials are not of the kind that this authenticator checks, so that another may try
     * @throws AuthenticationException if the credentials are of its kind and invalid
     * @throws Exception if they cannot be checked now; the request then fails with 503, not with 401
     */
    Optional<Principal> authenticate(Credentials credentials) throws Exception;
}
