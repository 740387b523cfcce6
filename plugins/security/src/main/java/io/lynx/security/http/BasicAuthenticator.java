package io.lynx.security.http;

import io.lynx.extension.UserCode;
import io.lynx.security.Authenticator;
import io.lynx.security.Principal;
import io.lynx.time.Ticker;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/*
 * A check takes long on purpose, so what anybody can cause is bounded everywhere:
 *
 *   flood of an address ─▶ remembered for this address ─▶ checked right now? ─▶ attempts of the address ─▶ queue ─▶ check
 *          429                    accepted                   shares it                 429, 503             503    401
 *
 * What is remembered is found by a keyed digest of the address and the credentials, so the time of a look-up tells nothing about a
 * password, and an address cannot try passwords on what another one has proved.
 */

/**
 * Checks passwords. Few are checked at a time, equal ones once. A right password is remembered for a short time, and an address that sends
 * wrong ones is refused before a check. An unknown user costs as much as a known one. Thread-safe.
 */
final class BasicAuthenticator implements Authenticator, AutoCloseable {
    private static final int LONGEST = 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Map<String, User> users = new HashMap<>();
    private final PasswordHash nobody;
    private final DigestCache<Known> cache;
    private final long remembered;
    private final AttemptLimit attempts;
    private final Executor threads;
    private final Ticker ticker;
    private final CacheMetrics metrics;
    private final KeyedDigest digests = new KeyedDigest();
    private final ConcurrentHashMap<TokenDigest, CompletableFuture<Optional<Principal>>> running =
            new ConcurrentHashMap<>();

    private record User(PasswordHash password, Optional<Principal> principal) {}

    private record Known(Optional<Principal> principal, long validUntil) {}

    /**
     * Creates an authenticator.
     *
     * @param threads checks passwords; rejects those that are too many
     */
    BasicAuthenticator(BasicConfig config, int cacheSize, Executor threads, Ticker ticker, CacheMetrics metrics) {
        this.threads = threads;
        this.ticker = ticker;
        this.metrics = metrics;
        this.cache = new DigestCache<>(cacheSize);
        this.remembered = config.cache().toNanos();
        this.attempts = new AttemptLimit(config.attempts(), config.period(), ticker);
        config.users()
                .forEach((name, user) -> users.put(
                        name,
                        new User(
                                PasswordHash.parse(user.password()),
                                Optional.of(new Principal(
                                        name, new LinkedHashSet<>(user.roles()), Map.of("scheme", "basic"))))));
        this.nobody = PasswordHash.ofNobody(users.values().stream()
                .mapToInt(user -> user.password().iterations())
                .max()
                .orElse(PasswordHash.ITERATIONS));
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
        String address = AttemptLimit.key(credentials.remoteAddress());
        attempts.requireNoFlood(address);
        TokenDigest digest = digests.of(address, sent);
        Known known = cache.get(digest);
        if (known != null && known.validUntil() - ticker.nanos() > 0) {
            metrics.hit();
            return known.principal();
        }
        metrics.miss();
        CompletableFuture<Optional<Principal>> own = new CompletableFuture<>();
        CompletableFuture<Optional<Principal>> other = running.putIfAbsent(digest, own);
        if (other != null) {
            return await(other);
        }
        begin(digest, sent, address, own);
        return await(own);
    }

    private void begin(
            TokenDigest digest, String sent, String address, CompletableFuture<Optional<Principal>> verdict) {
        try {
            attempts.begin(address);
        } catch (TooManyAttemptsException | UnjudgedException refused) {
            end(digest, verdict, refused);
            return;
        }
        long since = ticker.nanos();
        try {
            threads.execute(() -> check(digest, sent, address, since, verdict));
        } catch (RejectedExecutionException tooMany) {
            attempts.end(address, false);
            end(digest, verdict, new UnjudgedException("too many passwords are being checked", 1));
        } catch (Throwable failure) {
            // Such as an OutOfMemoryError of a thread that cannot start: what waits for this check must not wait for
            // ever.
            attempts.end(address, false);
            end(digest, verdict, new UnjudgedException("the check of a password could not begin", 1));
            throw failure;
        }
    }

    private void check(
            TokenDigest digest,
            String sent,
            String address,
            long since,
            CompletableFuture<Optional<Principal>> verdict) {
        Optional<Principal> caller = Optional.empty();
        Throwable problem = null;
        try {
            if (ticker.nanos() - since > PATIENCE.toNanos()) {
                throw new UnjudgedException("the password has waited for its check for too long", 1);
            }
            caller = judge(sent);
            if (remembered > 0) {
                cache.put(digest, new Known(caller, ticker.nanos() + remembered));
            }
        } catch (Throwable failure) {
            problem = failure;
        }
        // Before the caller is answered, so that its next attempt finds this one counted.
        attempts.end(address, problem instanceof AuthenticationException);
        boolean _ = running.remove(digest, verdict);
        if (problem == null) {
            boolean _ = verdict.complete(caller);
        } else {
            boolean _ = verdict.completeExceptionally(problem);
            UserCode.rethrowIfFatal(problem);
        }
    }

    private void end(TokenDigest digest, CompletableFuture<Optional<Principal>> verdict, Exception refused) {
        boolean _ = running.remove(digest, verdict);
        boolean _ = verdict.completeExceptionally(refused);
    }

    private Optional<Principal> judge(String sent) throws AuthenticationException {
        char[] pair = decoded(sent);
        int colon = 0;
        while (colon < pair.length && pair[colon] != ':') {
            colon++;
        }
        if (colon == pair.length) {
            throw new AuthenticationException("password: no user");
        }
        User user = users.get(new String(pair, 0, colon));
        boolean isRight =
                (user == null ? nobody : user.password()).matches(Arrays.copyOfRange(pair, colon + 1, pair.length));
        Arrays.fill(pair, ' ');
        if (user == null || !isRight) {
            throw new AuthenticationException("password: wrong user or password");
        }
        return user.principal();
    }

    private static Optional<Principal> await(CompletableFuture<Optional<Principal>> verdict)
            throws AuthenticationException, UnjudgedException, TooManyAttemptsException {
        try {
            return verdict.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new UnjudgedException("password: interrupted", 1);
        } catch (TimeoutException late) {
            throw new UnjudgedException("too many passwords are being checked", 1);
        } catch (ExecutionException ended) {
            switch (ended.getCause()) {
                case AuthenticationException wrong -> throw wrong;
                case TooManyAttemptsException tooMany -> throw tooMany;
                case UnjudgedException unjudged -> throw unjudged;
                case null, default ->
                    throw new IllegalStateException("the check of a password failed", ended.getCause());
            }
        }
    }

    /** Refuses what waits for a check. */
    @Override
    public void close() {
        running.values().forEach(verdict -> {
            boolean _ = verdict.completeExceptionally(new UnjudgedException("the plugin stops", 1));
        });
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
