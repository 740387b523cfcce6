package io.lynx.security.http;

import io.lynx.metrics.Counter;
import io.lynx.metrics.MetricRegistry;
import io.lynx.metrics.ProductionMetrics;
import io.lynx.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** An authenticator of JWTs whose time and keys a test controls. */
final class JwtFixture {
    final ManualTime time = new ManualTime();
    final AtomicReference<@Nullable String> published =
            new AtomicReference<>(Issuer.jwks(Issuer.RSA.toPublicJWK(), Issuer.EC.toPublicJWK(), Issuer.ED));
    final AtomicInteger reads = new AtomicInteger();
    final AtomicInteger failed = new AtomicInteger();
    final IssuerConfig config;
    final IssuerKeys keys;
    final JwtIssuer issuer;
    final MetricRegistry registry = ProductionMetrics.builder().build().registry();
    final JwtAuthenticator authenticator;

    JwtFixture(String... settings) {
        this.config = config(settings);
        this.keys = new IssuerKeys(
                config,
                before -> {
                    reads.incrementAndGet();
                    String document = published.get();
                    if (document == null) {
                        throw new IllegalStateException("expected by the test");
                    }
                    return KeySet.parse(document, before);
                },
                time,
                time,
                task -> new DirectThread(task),
                new KeyReadings("main", "https://id.example/keys", isRead -> {
                    if (!isRead) {
                        failed.incrementAndGet();
                    }
                }));
        this.issuer = new JwtIssuer(config, keys, time);
        this.authenticator = new JwtAuthenticator(
                List.of(issuer),
                Math.toIntExact(config.maxTokenSize().bytes()),
                100,
                Duration.ofSeconds(60),
                true,
                time,
                new CacheMetrics(counter("hit"), counter("miss")));
    }

    Counter counter(String outcome) {
        return registry.counter(SecurityMetrics.CACHE, "jwt", outcome);
    }

    /** A thread that runs its task when it is started, on the caller's. */
    private static final class DirectThread extends Thread {
        private final Runnable task;

        DirectThread(Runnable task) {
            this.task = task;
        }

        @Override
        public synchronized void start() {
            task.run();
        }
    }

    static IssuerConfig config(String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "lynx.security.issuers.main.issuer=" + Issuer.NAME, "lynx.security.issuers.main.audiences=orders"));
        for (String setting : settings) {
            all.add("lynx.security.issuers.main." + setting);
        }
        return Objects.requireNonNull(ConfigFixture.security(all).issuers().get("main"));
    }

    String token() {
        return Issuer.token(time.instant());
    }
}
