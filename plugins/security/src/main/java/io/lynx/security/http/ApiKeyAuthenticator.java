package io.lynx.security.http;

import io.lynx.security.Authenticator;
import io.lynx.security.Principal;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks API keys by their SHA-256. A fast hash is enough, since a key is 256 random bits: nobody can try them out. The time of a look-up
 * by the hash tells nothing of a key either, since a caller cannot choose the hash of what it sends. Immutable.
 */
final class ApiKeyAuthenticator implements Authenticator {
    private static final int LONGEST = 512;

    private final String header;
    private final Map<TokenDigest, Optional<Principal>> callers = new HashMap<>();

    ApiKeyAuthenticator(ApiKeysConfig config) {
        this.header = config.header();
        config.clients().forEach((name, client) -> client.keys()
                .forEach((key, hash) -> callers.put(
                        TokenDigest.ofHex(hash),
                        Optional.of(new Principal(
                                name, new LinkedHashSet<>(client.roles()), Map.of("scheme", "api_key", "key", key))))));
    }

    @Override
    public Optional<Principal> authenticate(Credentials credentials) throws AuthenticationException {
        List<String> keys = credentials.headers(header);
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        Optional<Principal> caller = keys.size() > 1 || keys.getFirst().length() > LONGEST
                ? Optional.empty()
                : callers.getOrDefault(TokenDigest.of(keys.getFirst().strip()), Optional.empty());
        if (caller.isEmpty()) {
            throw new AuthenticationException("API key: unknown");
        }
        return caller;
    }
}
