package io.lynx.security.http;

import io.lynx.metrics.MetricRegistry;
import io.lynx.time.Ticker;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executor;

/** Authenticators by password with the user {@code ops}, who may be wrong three times a minute. */
final class BasicFixture {
    private BasicFixture() {}

    static BasicAuthenticator of(String hash, Executor threads, Ticker ticker, MetricRegistry registry) {
        return new BasicAuthenticator(
                ConfigFixture.security(List.of(
                                "lynx.security.basic.users.ops.password=" + hash,
                                "lynx.security.basic.users.ops.roles=operator",
                                "lynx.security.basic.attempts=3"))
                        .basic()
                        .orElseThrow(),
                100,
                threads,
                ticker,
                SecurityMetrics.cache(registry, CredentialScheme.BASIC));
    }

    /** A user, a colon and a password. */
    static FakeCredentials login(String pair) {
        return FakeCredentials.with(
                "authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }
}
