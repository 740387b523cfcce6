package io.lynx.security.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSHeader;
import io.lynx.context.RequestContext;
import io.lynx.context.RequestScope;
import io.lynx.testkit.Await;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When the keys of an issuer are read, and what happens while they cannot be. */
class IssuerKeysTest {
    private static JWSHeader header(String id) throws Exception {
        return JWSHeader.parse("{\"alg\":\"RS256\",\"kid\":\"" + id + "\"}");
    }

    private static List<VerificationKey> find(JwtFixture jwt, String id) throws Exception {
        return jwt.keys.find(header(id), SignatureAlgorithm.RS256);
    }

    @Test
    void readsThemWhenTheyAreFirstNeededAndThenInTheBackground() throws Exception {
        JwtFixture jwt = new JwtFixture();
        assertThat(find(jwt, "rsa-1")).hasSize(1);
        assertThat(jwt.reads).hasValue(1);

        jwt.time.advance(Duration.ofMinutes(4));
        find(jwt, "rsa-1");
        assertThat(jwt.reads).hasValue(1);
        jwt.time.advance(Duration.ofMinutes(1));
        assertThat(jwt.reads).hasValue(2);
        assertThat(jwt.keys.ageSeconds()).isLessThan(60);
    }

    @Test
    void anUnknownKeyHasThemReadNotMoreOftenThanConfigured() throws Exception {
        JwtFixture jwt = new JwtFixture("min_refresh=10s");
        find(jwt, "rsa-1");
        for (int i = 0; i < 100; i++) {
            assertThat(find(jwt, "unknown-" + i)).isEmpty();
        }
        assertThat(jwt.reads).hasValue(1);

        jwt.time.advance(Duration.ofSeconds(10));
        for (int i = 0; i < 100; i++) {
            assertThat(find(jwt, "unknown-" + i)).isEmpty();
        }
        assertThat(jwt.reads).hasValue(2);
    }

    @Test
    void aNewKeyIsFoundAtOnce() throws Exception {
        JwtFixture jwt = new JwtFixture();
        VerificationKey first = find(jwt, "rsa-1").getFirst();
        jwt.published.set(Issuer.jwks(Issuer.RSA.toPublicJWK(), Issuer.OTHER_RSA.toPublicJWK()));
        jwt.time.advance(Duration.ofSeconds(10));

        assertThat(find(jwt, "rsa-2")).hasSize(1);
        // A key that is still published stays the same, so that tokens which it verified need no other verification.
        assertThat(find(jwt, "rsa-1").getFirst()).isSameAs(first);
        assertThat(first.isWithdrawn()).isFalse();
    }

    @Test
    void keepsTheKnownOnesWhileTheyCannotBeRead() throws Exception {
        JwtFixture jwt = new JwtFixture("max_stale=1h");
        find(jwt, "rsa-1");
        jwt.published.set(null);

        jwt.time.advance(Duration.ofMinutes(59));

        assertThat(find(jwt, "rsa-1")).hasSize(1);
        assertThat(jwt.failed.get()).isGreaterThan(50);
        assertThat(jwt.keys.readings().failures()).isEqualTo(jwt.failed.get());
        assertThat(jwt.keys.isUsable()).isTrue();
        // What they may have become cannot be said.
        assertThatThrownBy(() -> find(jwt, "rsa-2")).isInstanceOf(UnjudgedException.class);

        jwt.time.advance(Duration.ofMinutes(2));
        assertThatThrownBy(() -> find(jwt, "rsa-1")).isInstanceOf(UnjudgedException.class);
        assertThat(jwt.keys.isUsable()).isFalse();

        jwt.published.set(Issuer.jwks(Issuer.RSA.toPublicJWK()));
        jwt.time.advance(Duration.ofMinutes(1));
        assertThat(find(jwt, "rsa-1")).hasSize(1);
        assertThat(jwt.keys.readings().failures()).isZero();
        assertThat(find(jwt, "rsa-2")).isEmpty();
    }

    @Test
    void garbageChangesNothing() throws Exception {
        JwtFixture jwt = new JwtFixture();
        find(jwt, "rsa-1");
        for (String garbage : List.of(
                "",
                "<html>",
                "{}",
                "{\"keys\":[]}",
                "{\"keys\":{}}",
                "{\"keys\":[1,null,{}]}",
                "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"rsa-1\",\"k\":\"c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTEyMzQ1\"}]}",
                "[".repeat(100_000),
                "{\"keys\":[" + "{\"kty\":\"RSA\"},".repeat(2000) + "{}]}")) {
            jwt.published.set(garbage);
            jwt.time.advance(Duration.ofMinutes(5));
            assertThat(find(jwt, "rsa-1"))
                    .as(garbage.substring(0, Math.min(30, garbage.length())))
                    .hasSize(1);
            assertThat(jwt.keys.readings().failures()).isPositive();
        }
    }

    @Test
    void readsAThousandKeysAndLeavesOutThoseItCannotUse() throws Exception {
        String rsa = Issuer.RSA.toPublicJWK().toJSONString();
        StringBuilder many = new StringBuilder("{\"keys\":[");
        for (int i = 0; i < 997; i++) {
            many.append(rsa.replace("rsa-1", "key-" + i)).append(',');
        }
        many.append(
                        "{\"kty\":\"RSA\",\"kid\":\"broken\",\"n\":\"!\",\"e\":\"AQAB\"},{\"kty\":\"future\",\"kid\":\"x\"},")
                .append(rsa.replace("\"sig\"", "\"enc\"").replace("rsa-1", "for-encryption"))
                .append("]}");
        KeySet keys = KeySet.parse(many.toString(), null);
        assertThat(keys.size()).isEqualTo(997);
        assertThat(keys.find(header("key-500"), SignatureAlgorithm.RS256)).hasSize(1);
        assertThat(keys.find(header("for-encryption"), SignatureAlgorithm.RS256))
                .isEmpty();
        // Without the id of a key, few are tried.
        assertThat(keys.find(JWSHeader.parse("{\"alg\":\"RS256\"}"), SignatureAlgorithm.RS256))
                .hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"kty\":{}}",
                "{\"kty\":\"RSA\",\"n\":\"\",\"e\":\"\"}",
                "{\"kty\":\"RSA\",\"n\":[1],\"e\":7}",
                "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\",\"x5c\":[\"zzz\"],\"key_ops\":[1]}",
                "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\",\"alg\":7,\"use\":[],\"exp\":\"x\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AAAA\",\"y\":\"AAAA\"}",
                "{\"kty\":\"EC\",\"crv\":\"\",\"x\":\"\",\"y\":\"\"}",
                "{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"AA\",\"y\":\"AA\"}",
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"\"}",
                "{\"kty\":\"OKP\",\"crv\":\"X448\",\"x\":\"AA\"}",
                "{\"kty\":\"oct\",\"k\":{}}"
            })
    void aKeyThatCannotBeReadLeavesTheOthers(String odd) throws Exception {
        KeySet keys = KeySet.parse(
                "{\"keys\":[" + odd + "," + Issuer.RSA.toPublicJWK().toJSONString() + "]}", null);
        assertThat(keys.find(header("rsa-1"), SignatureAlgorithm.RS256)).hasSize(1);
        assertThat(keys.size()).isEqualTo(1);
    }

    @Test
    void requestsThatNeedThemWaitForOneReading() throws Exception {
        JwtFixture jwt = new JwtFixture();
        CountDownLatch slow = new CountDownLatch(1);
        AtomicInteger reads = new AtomicInteger();
        IssuerKeys keys = new IssuerKeys(
                jwt.config,
                before -> {
                    reads.incrementAndGet();
                    assertThat(slow.await(20, TimeUnit.SECONDS)).isTrue();
                    return KeySet.parse(Issuer.jwks(Issuer.RSA.toPublicJWK()), before);
                },
                jwt.time,
                jwt.time,
                Thread.ofVirtual().factory(),
                new KeyReadings("main", "https://id.example/keys", _ -> {}));
        AtomicInteger found = new AtomicInteger();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            callers.add(Thread.startVirtualThread(() -> {
                try {
                    found.addAndGet(
                            keys.find(header("rsa-1"), SignatureAlgorithm.RS256).size());
                } catch (Exception unexpected) {
                    found.addAndGet(1000);
                }
            }));
        }
        Await.until("the reading has begun", () -> reads.get() == 1);
        slow.countDown();
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(found).hasValue(50);
        assertThat(reads).hasValue(1);
    }

    /** Threads and the scheduler of a plugin run their tasks in the context of the request that has given them. */
    @Test
    void noReadingBelongsToTheRequestThatHasCausedIt() throws Exception {
        JwtFixture jwt = new JwtFixture();
        List<String> requests = new CopyOnWriteArrayList<>();
        ThreadFactory threads = task -> Thread.ofVirtual().unstarted(RequestContext.wrap(task));
        Scheduler scheduler = (delay, task) -> {
            RequestContext present = RequestContext.current().withoutDeadline();
            return jwt.time.after(delay, () -> present.run(task));
        };
        IssuerKeys keys = new IssuerKeys(
                jwt.config,
                before -> {
                    requests.add(RequestContext.current().requestId());
                    return KeySet.parse(Issuer.jwks(Issuer.RSA.toPublicJWK()), before);
                },
                jwt.time,
                scheduler,
                threads,
                new KeyReadings("main", "https://id.example/keys", _ -> {}));

        RequestScope request = RequestScope.of("r-1", Deadline.after(Duration.ofSeconds(1), jwt.time));
        assertThat(request.call(() -> keys.find(header("rsa-1"), SignatureAlgorithm.RS256)))
                .hasSize(1);
        Await.until("the next reading is planned", () -> jwt.time.pending() == 1);
        jwt.time.advance(Duration.ofMinutes(5));
        Await.until("they are read again", () -> requests.size() == 2);

        assertThat(requests).containsOnly("");
    }

    @Test
    void aClosedOneReadsNoMore() throws Exception {
        JwtFixture jwt = new JwtFixture();
        find(jwt, "rsa-1");
        jwt.keys.close();
        jwt.time.advance(Duration.ofHours(1));
        assertThat(jwt.reads).hasValue(1);
        assertThat(jwt.time.pending()).isZero();
    }

    @Test
    void aStartThatRequiresThemFailsWithTheAddress() {
        JwtFixture jwt = new JwtFixture();
        jwt.published.set(null);
        assertThatThrownBy(() -> jwt.keys.start(Duration.ZERO))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(
                        "lynx.security.issuers.main: its keys cannot be read from https://id.example/keys")
                .hasMessageContaining("startup: degrade");
    }

    @Test
    void aStartMayGoOnWithoutThem() throws Exception {
        JwtFixture jwt = new JwtFixture("startup=degrade");
        jwt.published.set(null);
        jwt.keys.start(Duration.ofSeconds(10));
        assertThat(jwt.keys.isUsable()).isFalse();
        jwt.published.set(Issuer.jwks(Issuer.RSA.toPublicJWK()));
        jwt.time.advance(Duration.ofSeconds(2));
        assertThat(jwt.keys.isUsable()).isTrue();
    }
}
