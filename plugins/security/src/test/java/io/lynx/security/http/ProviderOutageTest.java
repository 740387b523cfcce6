package io.lynx.security.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.context.RequestContext;
import io.lynx.health.CheckReport;
import io.lynx.health.HealthCheckOptions;
import io.lynx.health.HealthSnapshot;
import io.lynx.http.Routes;
import io.lynx.metrics.Counter;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerState;
import io.lynx.security.Principal;
import io.lynx.testkit.Await;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the plugin does while a provider is down, slow or broken, over real connections. */
class ProviderOutageTest {
    private static final String[] INTROSPECTION = {
        "security.introspection.client_id=orders:1",
        "security.introspection.client_secret=s e/c",
        "security.introspection.audiences=orders",
        "security.introspection.timeout=20s"
    };

    private ProviderStub provider;

    @BeforeEach
    void startProvider() throws Exception {
        provider = new ProviderStub();
    }

    @AfterEach
    void stopProvider() {
        provider.close();
    }

    private static void routes(Routes http) {
        http.get(
                "/",
                (_, response) -> response.send(RequestContext.current()
                        .principal()
                        .map(Principal::name)
                        .orElse("nobody")));
    }

    private String token(String keyId) {
        Map<String, Object> claims = Issuer.claims(Instant.now());
        claims.put("iss", provider.url());
        return Issuer.rs256(Issuer.header("RS256", keyId), claims);
    }

    private static HttpResponse<String> get(SecuredService service, String token) throws Exception {
        return service.get("/", "Authorization", "Bearer " + token);
    }

    private static String health(SecuredService service) {
        HealthSnapshot health = service.application.health().snapshot();
        return health.overall() + ", ready " + health.status(HealthCheckOptions.Group.READINESS) + " "
                + health.checksOf(SecurityPlugin.ID).stream()
                        .map(CheckReport::error)
                        .toList();
    }

    @Test
    void aStartRequiresTheKeysUnlessItMayDegrade() throws Exception {
        provider.status = 500;
        assertThatThrownBy(() -> SecuredService.start(ProviderOutageTest::routes, SecuredService.issuer(provider)))
                .hasMessageContaining("its keys cannot be read from http://127.0.0.1")
                .hasMessageContaining("status 500");

        try (SecuredService service =
                SecuredService.start(ProviderOutageTest::routes, SecuredService.issuer(provider, "startup=degrade"))) {
            HttpResponse<String> unjudged = get(service, token("rsa-1"));
            assertThat(unjudged.statusCode()).isEqualTo(503);
            assertThat(unjudged.headers().firstValue("retry-after")).isPresent();
            assertThat(unjudged.headers().firstValue("content-type")).hasValue("application/problem+json");
            assertThat(service.status("/")).isEqualTo(401);

            provider.status = 200;
            Await.until("the keys are read", () -> {
                try {
                    return get(service, token("rsa-1")).statusCode() == 200;
                } catch (Exception failed) {
                    return false;
                }
            });
        }
    }

    @Test
    void knownKeysOutliveTheProvider() throws Exception {
        try (SecuredService service = SecuredService.start(
                ProviderOutageTest::routes, SecuredService.issuer(provider, "refresh=1s", "min_refresh=1s"))) {
            assertThat(get(service, token("rsa-1")).body()).isEqualTo("alice");
            provider.close();
            Await.until(
                    "readings fail",
                    () -> service.application
                                    .metrics()
                                    .registry()
                                    .counter(SecurityMetrics.KEY_READS, "main", "failed")
                                    .count()
                            > 2);

            assertThat(get(service, token("rsa-1")).body()).isEqualTo("alice");
            // Whether this is one of a new key cannot be said.
            assertThat(get(service, token("new")).statusCode()).isEqualTo(503);
            assertThat(get(service, token("rsa-1") + "x").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void garbageAndFloodsAreNotKeys() throws Exception {
        try (SecuredService service = SecuredService.start(
                ProviderOutageTest::routes, SecuredService.issuer(provider, "refresh=1s", "min_refresh=1s"))) {
            for (String garbage : List.of("<html>", "{\"keys\":[]}", "x".repeat(10_000_000))) {
                int before = provider.keyReads.get();
                provider.keys = garbage;
                Await.until("it was read", () -> provider.keyReads.get() > before);
                assertThat(get(service, token("rsa-1")).body()).isEqualTo("alice");
            }
        }
    }

    @Test
    void aSlowProviderHoldsNoRequestForLong() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        try (SecuredService service = SecuredService.start(
                ProviderOutageTest::routes, SecuredService.issuer(provider, "timeout=2s", "min_refresh=1s"))) {
            provider.slow = slow;
            Await.until("an unknown key cannot be judged", () -> {
                try {
                    return get(service, token("new")).statusCode() == 503;
                } catch (Exception failed) {
                    return false;
                }
            });
            assertThat(get(service, token("rsa-1")).body()).isEqualTo("alice");
            slow.countDown();
        }
    }

    @Test
    void discoveryMustNameTheIssuer() throws Exception {
        String[] settings = {
            "security.issuers.main.issuer=http://localhost:" + provider.port(), "security.issuers.main.audiences=orders"
        };
        assertThatThrownBy(() -> SecuredService.start(ProviderOutageTest::routes, settings))
                .hasMessageContaining("that of another issuer");
    }

    private String[] introspection() {
        List<String> all = new ArrayList<>(List.of(INTROSPECTION));
        all.add("security.introspection.url=" + provider.url() + "/introspect");
        return all.toArray(String[]::new);
    }

    @Test
    void tokensAreCheckedAgainSoonAfterAnOutage() throws Exception {
        provider.introspection = "{\"active\":true,\"sub\":\"bob\",\"aud\":\"orders\"}";
        provider.status = 500;
        try (SecuredService service = SecuredService.start(ProviderOutageTest::routes, introspection())) {
            CircuitBreaker breaker = service.application.breakers().get("client.security-introspection");
            Await.until("the breaker opens", () -> {
                assertThat(get(service, "token-" + System.nanoTime()).statusCode())
                        .isEqualTo(503);
                return breaker.state() == CircuitBreakerState.OPEN;
            });
            assertThat(breaker.config().timeout()).isEqualTo(Duration.ofSeconds(5));

            provider.status = 200;
            Await.until("a token is accepted", () -> get(service, "token").statusCode() == 200);
        }
    }

    @Test
    void opaqueTokensAreCheckedAtTheProvider() throws Exception {
        provider.introspection = "{\"active\":true,\"sub\":\"bob\",\"aud\":[\"orders\"],\"exp\":"
                + (Instant.now().getEpochSecond() + 60) + "}";
        try (SecuredService service = SecuredService.start(ProviderOutageTest::routes, introspection())) {
            for (int i = 0; i < 3; i++) {
                assertThat(get(service, "opaque+token/1=").body()).isEqualTo("bob");
            }
            assertThat(provider.introspections).hasValue(1);
            assertThat(provider.body).isEqualTo("token=opaque%2Btoken%2F1%3D&token_type_hint=access_token");
            // "orders%3A1:s+e%2Fc"
            assertThat(provider.headers).contains("Authorization=[Basic b3JkZXJzJTNBMTpzK2UlMkZj]");
            // Nothing of the request goes to the provider.
            assertThat(provider.headers.toString().toLowerCase(java.util.Locale.ROOT))
                    .doesNotContain("x-request-id", "traceparent", "baggage");

            provider.introspection = "{\"active\":false}";
            assertThat(get(service, "inactive").statusCode()).isEqualTo(401);
            assertThat(get(service, "inactive").statusCode()).isEqualTo(401);
            assertThat(provider.introspections).hasValue(2);
            provider.introspection = "{\"active\":true,\"sub\":\"bob\",\"aud\":\"payments\"}";
            assertThat(get(service, "for-payments").statusCode()).isEqualTo(401);
            provider.introspection = "{\"active\":true,\"sub\":\"bob\",\"aud\":\"orders\",\"exp\":1}";
            assertThat(get(service, "expired").statusCode()).isEqualTo(401);
            provider.introspection = "{\"active\":true,\"sub\":\"bob\",\"aud\":[null,7,\"payments\"]}";
            assertThat(get(service, "for-nobody").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void aFloodOfInventedTokensDoesNotDisplaceThoseInUse() throws Exception {
        List<String> settings = new ArrayList<>(List.of(introspection()));
        settings.add("security.cache_size=16");
        settings.add("security.introspection.cache=60s");
        provider.introspection = "{\"active\":true,\"sub\":\"bob\",\"aud\":\"orders\"}";
        try (SecuredService service =
                SecuredService.start(ProviderOutageTest::routes, settings.toArray(String[]::new))) {
            assertThat(get(service, "in-use").statusCode()).isEqualTo(200);
            provider.introspection = "{\"active\":false}";
            for (int i = 0; i < 100; i++) {
                assertThat(get(service, "invented-" + i).statusCode()).isEqualTo(401);
            }
            assertThat(get(service, "in-use").statusCode()).isEqualTo(200);
            assertThat(provider.introspections).hasValue(101);
        }
    }

    @Test
    void tokensThatCannotBeCheckedAreNeitherAcceptedNorInvalid() throws Exception {
        try (SecuredService service = SecuredService.start(ProviderOutageTest::routes, introspection())) {
            int i = 0;
            for (String garbage : List.of("", "<html>", "{}", "{\"active\":\"true\"}", "[true]")) {
                provider.introspection = garbage;
                assertThat(get(service, "token-" + i++).statusCode())
                        .as(garbage)
                        .isEqualTo(503);
            }
            for (int status : List.of(401, 403, 500, 503)) {
                provider.status = status;
                HttpResponse<String> unjudged = get(service, "token-" + i++);
                assertThat(unjudged.statusCode()).isEqualTo(503);
                assertThat(unjudged.headers().firstValue("retry-after")).isPresent();
                assertThat(unjudged.headers().firstValue("www-authenticate")).isEmpty();
            }
            provider.close();
            assertThat(get(service, "token").statusCode()).isEqualTo(503);
        }
    }

    @Test
    void requestsWithOneTokenShareACheck() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        provider.introspection = "{\"active\":true,\"sub\":\"bob\",\"aud\":\"orders\"}";
        try (SecuredService service = SecuredService.start(ProviderOutageTest::routes, introspection())) {
            provider.slow = slow;
            AtomicInteger accepted = new AtomicInteger();
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                callers.add(Thread.startVirtualThread(() -> {
                    try {
                        accepted.addAndGet(get(service, "shared").statusCode() == 200 ? 1 : 0);
                    } catch (Exception failed) {
                        accepted.addAndGet(1000);
                    }
                }));
            }
            Await.until("the check has begun", () -> provider.introspections.get() == 1);
            slow.countDown();
            for (Thread caller : callers) {
                caller.join();
            }
            assertThat(accepted).hasValue(20);
            assertThat(provider.introspections.get()).isEqualTo(1);
        }
    }

    @Test
    void aRequestThatIsOverFailsNoOtherWithItsToken() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        provider.introspection = "{\"active\":true,\"sub\":\"bob\",\"aud\":\"orders\"}";
        List<String> settings = new ArrayList<>(List.of(introspection()));
        settings.add("http.trusted_peers=127.0.0.1");
        try (SecuredService service =
                        SecuredService.start(ProviderOutageTest::routes, settings.toArray(String[]::new));
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            provider.slow = slow;
            Counter misses =
                    service.application.metrics().registry().counter(SecurityMetrics.CACHE, "introspection", "miss");
            Future<Integer> first = callers.submit(
                    () -> service.status("/", "Authorization", "Bearer shared", "X-Request-Timeout", "2s"));
            Await.until("the check has begun", () -> provider.introspections.get() == 1);
            Future<Integer> second = callers.submit(() -> service.status("/", "Authorization", "Bearer shared"));
            Await.until("the second request waits for it", () -> misses.count() == 2);

            assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo(503);
            Await.until(
                    "the second has begun again, or has failed",
                    () -> provider.introspections.get() == 2 || second.isDone());
            slow.countDown();

            assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo(200);
            assertThat(health(service)).startsWith("UP, ready UP");
        }
    }

    @Test
    void healthTellsOfKeysThatCannotBeRead() throws Exception {
        List<String> settings =
                new ArrayList<>(List.of(SecuredService.issuer(provider, "refresh=1s", "min_refresh=1s")));
        settings.add("health_check.interval=100ms");
        try (SecuredService service =
                SecuredService.start(ProviderOutageTest::routes, settings.toArray(String[]::new))) {
            provider.status = 503;
            Await.until("it is degraded", () -> health(service).contains("cannot be read again"));
            assertThat(health(service)).startsWith("DEGRADED, ready DEGRADED");
            provider.status = 200;
            Await.until("it is up again", () -> health(service).startsWith("UP, ready UP"));
        }
    }
}
