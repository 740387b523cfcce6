package io.lynx.security.http;

import io.lynx.security.Authenticator;
import io.lynx.security.Principal;
import io.lynx.time.Ticker;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Checks passwords. A check takes long on purpose, so few run at a time, a right password is remembered for a short time, and an address
 * that sends wrong ones is refused before a check. An unknown user costs as much as a known one. Thread-safe.
 */
final class BasicAuthenticator implements Authenticator {
    private static final int LONGEST = 1024;

    private final BasicConfig config;
    private final Map<String, User> users = new HashMap<>();
    private final PasswordHash nobody;
    private final DigestCache<Known> cache;
    private final Semaphore checks;
    private final AttemptLimit attempts;
    private final Ticker ticker;
    private final CacheMetrics metrics;

    /** Makes what is kept of a password useless without the memory of this process. */
    private final String pepper;

    private record User(PasswordHash password, Optional<Principal> principal) {}

    private record Known(Optional<Principal> principal, long validUntil) {}

    BasicAuthenticator(BasicConfig config, int cacheSize, Ticker ticker, CacheMetrics metrics) {
        this.config = config;
        this.ticker = ticker;
        this.metrics = metrics;
        this.cache = new DigestCache<>(cacheSize);
        this.checks = new Semaphore(config.maxChecks());
        this.attempts = new AttemptLimit(config.attempts(), config.period(), ticker);
        config.users()
                .forEach((name, user) -> users.put(
                        name,
                        new User(
                                PasswordHash.parse(user.password()),
                                Optional.of(new Principal(
                                        name, new LinkedHashSet<>(user.roles()), Map.of("scheme", "basic"))))));
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.pepper = HexFormat.of().formatHex(random);
        int iterations = users.values().stream()
                .mapToInt(user -> user.password().iterations())
                .max()
                .orElse(PasswordHash.ITERATIONS);
        this.nobody = new PasswordHash(iterations, pepper.substring(32), pepper);
    }

    @Override
    public Optional<Principal> authenticate(Credentials credentials)
            throws AuthenticationException, UnjudgedException, TooManyAttemptsException {
        String header = credentials.header("authorization").orElse("");
        if (!header.regionMatches(true, 0, "Basic ", 0, 6)) {
            return Optional.empty();
        }
        String sent = header.substring(6).strip();
        if (sent.length() > LONGEST) {
            throw new AuthenticationException("password: longer than " + LONGEST + " characters");
        }
        TokenDigest digest = TokenDigest.of(pepper + sent);
        Known known = cache.get(digest);
        if (known != null && known.validUntil() - ticker.nanos() > 0) {
            metrics.hit();
            return known.principal();
        }
        metrics.miss();
        Optional<Principal> caller = check(sent, AttemptLimit.key(credentials.remoteAddress()));
        if (config.cache().isPositive()) {
            cache.put(digest, new Known(caller, ticker.nanos() + config.cache().toNanos()));
        }
        return caller;
    }

    private Optional<Principal> check(String sent, String address)
            throws AuthenticationException, UnjudgedException, TooManyAttemptsException {
        attempts.require(address);
        char[] pair = decoded(sent);
        int colon = new String(pair).indexOf(':');
        if (colon < 0) {
            attempts.failed(address);
            throw new AuthenticationException("password: no user");
        }
        User user = users.get(new String(pair, 0, colon));
        requireTurn();
        boolean isRight;
        try {
            PasswordHash hash = user == null ? nobody : user.password();
            isRight = hash.matches(Arrays.copyOfRange(pair, colon + 1, pair.length));
        } finally {
            checks.release();
            Arrays.fill(pair, ' ');
        }
        if (user == null || !isRight) {
            attempts.failed(address);
            throw new AuthenticationException("password: wrong user or password");
        }
        return user.principal();
    }

    /** Waits a little: a check takes a fraction of a second. */
    private void requireTurn() throws UnjudgedException {
        try {
            if (checks.tryAcquire(1, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        throw new UnjudgedException("too many passwords are being checked", 1);
    }

    private static char[] decoded(String base64) throws AuthenticationException {
        try {
            CharBuffer text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Base64.getDecoder().decode(base64)));
            char[] chars = new char[text.remaining()];
            text.get(chars);
            return chars;
        } catch (CharacterCodingException | IllegalArgumentException malformed) {
            throw new AuthenticationException("password: malformed");
        }
    }
}
