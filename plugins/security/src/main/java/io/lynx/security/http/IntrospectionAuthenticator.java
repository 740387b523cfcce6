package io.lynx.security.http;

import io.lynx.context.RequestContext;
import io.lynx.extension.UserCode;
import io.lynx.http.client.ClientResponse;
import io.lynx.http.client.HttpClient;
import io.lynx.plugin.PluginContext;
import io.lynx.resilience.CallRejectedException;
import io.lynx.security.Authenticator;
import io.lynx.security.Principal;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks bearer tokens by asking the provider (RFC 7662). Requests with the same token share one call, and its answer is kept for a short
 * time. If the provider does not answer, the tokens are neither accepted nor invalid. Thread-safe.
 */
final class IntrospectionAuthenticator implements Authenticator, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SecurityPlugin.class);

    /** One of so many places in the cache is for inactive tokens. */
    private static final int SHARE_OF_INACTIVE = 8;

    /** For how long an open circuit breaker lets no call through: what its callers see of an outage must not last much longer. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final IntrospectionConfig config;
    private final ProviderUrl url;
    private final HttpClient client;
    private final String authorization;
    private final PrincipalMapping mapping;
    private final InstantSource clock;
    private final Ticker ticker;
    private final CacheMetrics metrics;
    private final DigestCache<Judgement> active;

    /** Of its own, so that a flood of invented tokens does not take the place of those in use. */
    private final DigestCache<Judgement> inactive;

    /** The calls in progress; one whose request was over before the answer completes with null. */
    private final ConcurrentHashMap<TokenDigest, CompletableFuture<@Nullable Judgement>> running =
            new ConcurrentHashMap<>();

    private final AtomicInteger failures = new AtomicInteger();

    /**
     * What the provider says of a token.
     *
     * @param principal null if the token is invalid
     * @param reason why it is invalid, for the log
     */
    private record Judgement(@Nullable Principal principal, String reason, long validUntil) {}

    IntrospectionAuthenticator(PluginContext context, IntrospectionConfig config, int cacheSize, CacheMetrics metrics) {
        this.config = config;
        this.url = ProviderUrl.require("url", config.url().toString(), config.allowHttp());
        this.client = HttpClient.builder("security-introspection")
                .url(url.origin())
                .timeout(config.timeout())
                .readTimeout(config.timeout())
                .maxConnections(config.maxCalls())
                .maxBodySize(64 * 1024)
                .tls(config.tls())
                .policies(policies -> policies.withRetryAttempts(1).withMaxCalls(config.maxCalls(), Duration.ZERO))
                .circuitBreaker(breaker -> breaker.timeout(PAUSE))
                .build(context);
        this.authorization = "Basic "
                + Base64.getEncoder()
                        .encodeToString((form(config.clientId()) + ":" + form(config.clientSecret()))
                                .getBytes(StandardCharsets.UTF_8));
        this.mapping = config.mapping("introspection");
        this.clock = context.clock();
        this.ticker = context.ticker();
        this.metrics = metrics;
        int shareOfInactive = Math.ceilDiv(cacheSize, SHARE_OF_INACTIVE);
        this.active = new DigestCache<>(cacheSize - shareOfInactive);
        this.inactive = new DigestCache<>(shareOfInactive);
    }

    private static String form(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public Optional<Principal> authenticate(Credentials credentials) throws AuthenticationException, UnjudgedException {
        String token = credentials.bearerToken().orElse(null);
        if (token == null) {
            return Optional.empty();
        }
        if (token.length() > config.maxTokenSize().bytes()) {
            throw new AuthenticationException("token: longer than max_token_size");
        }
        TokenDigest digest = TokenDigest.of(token);
        Judgement judgement = known(digest);
        if (judgement == null) {
            metrics.miss();
            judgement = judge(digest, token);
        } else {
            metrics.hit();
        }
        if (judgement.principal() == null) {
            throw new AuthenticationException(judgement.reason());
        }
        return Optional.of(judgement.principal());
    }

    private @Nullable Judgement known(TokenDigest digest) {
        Judgement first = active.get(digest);
        Judgement known = first == null ? inactive.get(digest) : first;
        return known == null || known.validUntil() - ticker.nanos() <= 0 ? null : known;
    }

    private Judgement judge(TokenDigest digest, String token) throws UnjudgedException {
        Deadline most = Deadline.after(config.timeout().multipliedBy(2), ticker);
        Deadline patience =
                RequestContext.current().deadline().map(most::earliest).orElse(most);
        while (true) {
            CompletableFuture<@Nullable Judgement> own = new CompletableFuture<>();
            CompletableFuture<@Nullable Judgement> other = running.putIfAbsent(digest, own);
            if (other == null) {
                return lead(digest, token, own);
            }
            Judgement judgement = await(other, patience);
            if (judgement != null) {
                return judgement;
            }
        }
    }

    /** Makes the call whose answer others may wait for. */
    private Judgement lead(TokenDigest digest, String token, CompletableFuture<@Nullable Judgement> own)
            throws UnjudgedException {
        try {
            Judgement judgement = call(token);
            failures.set(0);
            keep(digest, judgement);
            boolean _ = own.complete(judgement);
            return judgement;
        } catch (Throwable failure) {
            UserCode.rethrowIfFatal(failure);
            if (RequestContext.current().isCancelled() || Thread.currentThread().isInterrupted()) {
                // Says nothing of the provider. Those who wait begin again: they must not fail because this caller has
                // gone.
                throw new UnjudgedException("introspection: the request is over", 1);
            }
            UnjudgedException unjudged = unjudged(failure);
            boolean _ = own.completeExceptionally(unjudged);
            throw unjudged;
        } finally {
            boolean _ = running.remove(digest, own);
            boolean _ = own.complete(null);
        }
    }

    /** A token that has been revoked is not found among the active ones any more. */
    private void keep(TokenDigest digest, Judgement judgement) {
        if (judgement.principal() == null) {
            active.remove(digest);
            inactive.put(digest, judgement);
        } else {
            active.put(digest, judgement);
        }
    }

    /** Waits for the call of another request; returns null if that request was over before the answer. */
    private @Nullable Judgement await(CompletableFuture<@Nullable Judgement> other, Deadline patience)
            throws UnjudgedException {
        try {
            return other.get(patience.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new UnjudgedException("introspection: interrupted", 1);
        } catch (TimeoutException late) {
            throw new UnjudgedException("introspection: another request with this token waits for the provider", 1);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof UnjudgedException unjudged
                    ? unjudged
                    : new UnjudgedException("introspection: failed", 1);
        }
    }

    private UnjudgedException unjudged(Throwable failure) {
        long seconds = failure instanceof CallRejectedException refused
                ? refused.retryAfter().map(Duration::toSeconds).orElse(1L)
                : 1;
        // Too many calls at a time say nothing of the provider.
        if (!(failure instanceof CallRejectedException) && Integer.bitCount(failures.incrementAndGet()) == 1) {
            log.atWarn()
                    .addKeyValue("failures", failures.get())
                    .log(
                            "Tokens cannot be checked at {}; requests with them are answered with 503: {}",
                            url.origin(),
                            UserCode.describe(failure));
        }
        return new UnjudgedException("introspection: " + UserCode.describe(failure), seconds);
    }

    private Judgement call(String token) throws ParseException {
        Deadline deadline = RequestContext.current().deadline().orElse(null);
        ClientResponse answer = ProviderCall.send(
                ProviderCall.withQuery(client.post(url.path()), url)
                        .header("authorization", authorization)
                        .header("accept", "application/json")
                        .type("application/x-www-form-urlencoded")
                        .idempotent(true)
                        .body(("token=" + form(token) + "&token_type_hint=access_token")
                                .getBytes(StandardCharsets.US_ASCII)),
                deadline);
        if (answer.status() != 200) {
            throw new ParseException(
                    "status " + answer.status()
                            + (answer.status() == 401
                                    ? "; client_id and client_secret must be those of this service"
                                    : ""),
                    0);
        }
        Map<String, Object> members = StrictJson.object(answer.text());
        if (!(members.get("active") instanceof Boolean isActive)) {
            throw new ParseException("the answer does not say whether the token is active", 0);
        }
        return isActive ? active(members) : invalid("token: not active");
    }

    private Judgement active(Map<String, Object> members) {
        try {
            if (!config.anyAudience() && !isForThisService(members.get("aud"))) {
                return invalid("member aud: the token is for another service");
            }
            if (config.issuer().isPresent()
                    && !config.issuer()
                            .get()
                            .equals(members.getOrDefault("iss", config.issuer().get()))) {
                return invalid("member iss: not the configured issuer");
            }
            Duration remaining = ClaimTimes.remaining(members, false, config.clockSkew(), clock);
            Duration kept = remaining.compareTo(config.cache()) < 0 ? remaining : config.cache();
            return new Judgement(mapping.principal(members), "", ticker.nanos() + kept.toNanos());
        } catch (AuthenticationException refused) {
            return invalid(String.valueOf(refused.getMessage()));
        }
    }

    private boolean isForThisService(@Nullable Object audience) {
        return audience instanceof String one
                ? config.audiences().contains(one)
                : audience instanceof List<?> all
                        && all.stream()
                                .anyMatch(each -> each instanceof String one
                                        && config.audiences().contains(one));
    }

    private Judgement invalid(String reason) {
        return new Judgement(
                null, reason, ticker.nanos() + config.inactiveCache().toNanos());
    }

    /** Returns how many checks in a row have failed. */
    int failures() {
        return failures.get();
    }

    @Override
    public void close() {
        client.close();
    }
}
