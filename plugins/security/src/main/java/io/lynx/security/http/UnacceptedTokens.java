package io.lynx.security.http;

import io.lynx.security.Authenticator;
import io.lynx.security.Principal;
import java.util.Optional;

/**
 * Refuses the bearer tokens that no other authenticator has accepted; it is the last one. Without it, a route whose callers need not be
 * identified would serve a caller with such a token as one without credentials. Stateless.
 */
final class UnacceptedTokens implements Authenticator {
    @Override
    public Optional<Principal> authenticate(Credentials credentials) throws AuthenticationException {
        if (credentials.bearerToken().isPresent()) {
            throw new AuthenticationException("token: not of a kind that any check accepts");
        }
        return Optional.empty();
    }
}
