package io.lynx.security.http;

import io.lynx.security.Authenticator;
import io.lynx.security.Principal;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * A check of the application's own beside configured issuers. If a request has a bearer token, a caller that the check finds without
 * reading the token does not count: a token of an unknown issuer would otherwise be ignored because of a second credential, such as a
 * client's certificate. Thread-safe.
 */
final class TokenReadingAuthenticator implements Authenticator {
    private final Authenticator own;

    TokenReadingAuthenticator(Authenticator own) {
        this.own = own;
    }

    @Override
    public Optional<Principal> authenticate(Credentials credentials) throws Exception {
        if (credentials.bearerToken().isEmpty()) {
            return own.authenticate(credentials);
        }
        ObservedCredentials observed = new ObservedCredentials(credentials);
        Optional<Principal> caller = own.authenticate(observed);
        return observed.isTokenRead ? caller : Optional.empty();
    }

    /** Credentials that know whether their token was read. Thread-safe, since a check may read them on threads of its own. */
    private static final class ObservedCredentials implements Credentials {
        private final Credentials presented;
        private volatile boolean isTokenRead;

        ObservedCredentials(Credentials presented) {
            this.presented = presented;
        }

        @Override
        public List<String> headers(String name) {
            if (name.equalsIgnoreCase("authorization")) {
                isTokenRead = true;
            }
            return presented.headers(name);
        }

        @Override
        public InetSocketAddress remoteAddress() {
            return presented.remoteAddress();
        }

        @Override
        public List<X509Certificate> certificates() {
            return presented.certificates();
        }
    }
}
