package io.lynx.security.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.metrics.MetricRegistry;
import io.lynx.metrics.ProductionMetrics;
import io.lynx.security.Authenticator.AuthenticationException;
import io.lynx.security.Principal;
import io.lynx.testkit.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which passwords are accepted, and how often they are checked. */
class BasicAuthenticatorTest {
    private static final String HASH = PasswordHash.of("correct horse".toCharArray(), new byte[16], 100_000)
            .text();

    private final ManualTime time = new ManualTime();
    private final MetricRegistry registry = ProductionMetrics.builder().build().registry();
    private final BasicAuthenticator basic = BasicFixture.of(HASH, Runnable::run, time, registry);

    private long count(String outcome) {
        return registry.counter(SecurityMetrics.CACHE, "basic", outcome).count();
    }

    @Test
    void acceptsARightPasswordAndChecksItOnce() throws Exception {
        Principal ops = new Principal("ops", Set.of("operator"), Map.of("scheme", "basic"));
        assertThat(basic.authenticate(BasicFixture.login("ops:correct horse"))).hasValue(ops);
        assertThat(basic.authenticate(BasicFixture.login("ops:correct horse"))).hasValue(ops);
        assertThat(count("miss")).isEqualTo(1);
        time.advance(Duration.ofSeconds(61));
        assertThat(basic.authenticate(BasicFixture.login("ops:correct horse"))).hasValue(ops);
        assertThat(count("miss")).isEqualTo(2);
    }

    @Test
    void refusesOthersAndThenTheAddress() throws Exception {
        assertThat(basic.authenticate(BasicFixture.login("ops:correct horse"))).isPresent();
        for (String pair : List.of("ops:wrong", "nobody:correct horse", "no colon")) {
            assertThatThrownBy(() -> basic.authenticate(BasicFixture.login(pair)))
                    .isInstanceOf(AuthenticationException.class);
        }
        assertThatThrownBy(() -> basic.authenticate(BasicFixture.login("ops:again")))
                .isInstanceOf(TooManyAttemptsException.class)
                .satisfies(limited -> assertThat(((TooManyAttemptsException) limited).retrySeconds())
                        .isBetween(1L, 60L));
        // Whoever has logged in before is not locked out, nor is another address.
        assertThat(basic.authenticate(BasicFixture.login("ops:correct horse"))).isPresent();
        assertThatThrownBy(
                        () -> basic.authenticate(BasicFixture.login("ops:wrong").from("203.0.113.8")))
                .isInstanceOf(AuthenticationException.class);
        time.advance(Duration.ofSeconds(61));
        assertThat(basic.authenticate(BasicFixture.login("ops:correct horse"))).isPresent();
    }

    @Test
    void theAddressesOfAnIpv6NetworkCountTogether() {
        for (int i = 0; i < 3; i++) {
            FakeCredentials wrong = BasicFixture.login("ops:wrong").from("2001:db8::" + i);
            assertThatThrownBy(() -> basic.authenticate(wrong)).isInstanceOf(AuthenticationException.class);
        }
        for (String other : List.of("2001:db8::ffff", "2001:db8:0:0:1:2:3:4", "2001:db8::1%eth0")) {
            assertThatThrownBy(() ->
                            basic.authenticate(BasicFixture.login("ops:wrong").from(other)))
                    .isInstanceOf(TooManyAttemptsException.class);
        }
        assertThatThrownBy(
                        () -> basic.authenticate(BasicFixture.login("ops:wrong").from("2001:db8:0:1::1")))
                .isInstanceOf(AuthenticationException.class);
    }

    @Test
    void whatAnAddressHasProvedHelpsNoOther() throws Exception {
        assertThat(basic.authenticate(BasicFixture.login("ops:correct horse"))).isPresent();
        FakeCredentials same = BasicFixture.login("ops:correct horse").from("203.0.113.8");
        assertThat(basic.authenticate(same)).isPresent();
        assertThat(count("miss")).isEqualTo(2);
        FakeCredentials wrong = BasicFixture.login("ops:wrong").from("203.0.113.9");
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> basic.authenticate(wrong)).isInstanceOf(AuthenticationException.class);
        }
        assertThatThrownBy(() -> basic.authenticate(
                        BasicFixture.login("ops:correct horse").from("203.0.113.9")))
                .isInstanceOf(TooManyAttemptsException.class);
    }

    @Test
    void anAddressThatGoesOnIsRefusedAltogether() throws Exception {
        assertThat(basic.authenticate(BasicFixture.login("ops:correct horse"))).isPresent();
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> basic.authenticate(BasicFixture.login("ops:wrong")))
                    .isInstanceOf(AuthenticationException.class);
        }
        for (int i = 0; i < 30; i++) {
            assertThat(basic.authenticate(BasicFixture.login("ops:correct horse")))
                    .isPresent();
            FakeCredentials guess = BasicFixture.login("ops:guess " + i);
            assertThatThrownBy(() -> basic.authenticate(guess)).isInstanceOf(TooManyAttemptsException.class);
        }
        assertThatThrownBy(() -> basic.authenticate(BasicFixture.login("ops:correct horse")))
                .isInstanceOf(TooManyAttemptsException.class);
        time.advance(Duration.ofSeconds(61));
        assertThat(basic.authenticate(BasicFixture.login("ops:correct horse"))).isPresent();
    }

    @Test
    void anAttemptIsCountedBeforeItIsAnswered() {
        FakeCredentials wrong = BasicFixture.login("no colon");
        try (ExecutorService checks = Executors.newSingleThreadExecutor()) {
            BasicAuthenticator other = BasicFixture.of(HASH, checks, time, registry);
            for (int round = 0; round < 300; round++) {
                for (int attempt = 0; attempt < 3; attempt++) {
                    assertThatThrownBy(() -> other.authenticate(wrong)).isInstanceOf(AuthenticationException.class);
                }
                assertThatThrownBy(() -> other.authenticate(wrong)).isInstanceOf(TooManyAttemptsException.class);
                time.advance(Duration.ofSeconds(61));
            }
        }
    }

    @Test
    void aCheckThatCouldNotBeginIsForgotten() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        BasicAuthenticator other = BasicFixture.of(
                HASH,
                check -> {
                    if (calls.incrementAndGet() <= 3) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    check.run();
                },
                time,
                registry);
        for (int attempt = 0; attempt < 3; attempt++) {
            assertThatThrownBy(() -> other.authenticate(BasicFixture.login("ops:correct horse")))
                    .isInstanceOf(OutOfMemoryError.class);
        }

        assertThat(other.authenticate(BasicFixture.login("ops:correct horse"))).isPresent();
    }

    @Test
    void leavesOtherCredentialsToOthers() throws Exception {
        assertThat(basic.authenticate(FakeCredentials.bearer("x"))).isEmpty();
        assertThat(basic.authenticate(FakeCredentials.with("authorization"))).isEmpty();
        assertThatThrownBy(() -> basic.authenticate(FakeCredentials.with("authorization", "Basic !!!")))
                .isInstanceOf(AuthenticationException.class);
        assertThatThrownBy(() -> basic.authenticate(FakeCredentials.with("authorization", "Basic " + "A".repeat(9000))))
                .isInstanceOf(AuthenticationException.class);
    }

    @Test
    void passwordsAreHashedWithASaltOfTheirOwn() {
        String one = HashedCredential.password("correct horse".toCharArray());
        assertThat(one)
                .startsWith("pbkdf2-sha256$600000$")
                .isNotEqualTo(HashedCredential.password("correct horse".toCharArray()));
        assertThat(PasswordHash.parse(one).matches("correct horse".toCharArray()))
                .isTrue();
        assertThat(PasswordHash.parse(one).matches("correct horsf".toCharArray()))
                .isFalse();
        assertThat(PasswordHash.parse(one)).hasToString("pbkdf2-sha256$600000");
        assertThat(HashedCredential.password("short".toCharArray())).contains("12 or more");
        assertThat(HashedCredential.run(new String[] {"key"}))
                .matches("(?s)key:    [\\w-]{43} .*\nsha256: [0-9a-f]{64} .*");
        assertThat(HashedCredential.run(new String[] {})).startsWith("usage");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "secret",
                "",
                "pbkdf2-sha256$1$AAAA$AAAA",
                "bcrypt$600000$AAAA$AAAA",
                "pbkdf2-sha256$600000$?$?",
                "pbkdf2-sha256$600000$AAAA$AAAA"
            })
    void refusesPasswordsThatAreNotHashed(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PasswordHash.parse(text))
                .withMessageStartingWith("password: ")
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("secret"));
    }
}
