package io.lynx.security.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.metrics.MetricRegistry;
import io.lynx.metrics.ProductionMetrics;
import io.lynx.security.Authenticator.AuthenticationException;
import io.lynx.security.Principal;
import io.lynx.testkit.Await;
import io.lynx.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Many passwords at the same time: what is checked, what shares a check, and what is refused at once. */
class PasswordFloodTest {
    private static final String HASH = PasswordHash.of("correct horse".toCharArray(), new byte[16], 100_000)
            .text();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ManualTime time = new ManualTime();
    private final MetricRegistry registry = ProductionMetrics.builder().build().registry();

    /** Checks run when the test says so. */
    private final BlockingQueue<Runnable> checks = new LinkedBlockingQueue<>();

    private final BasicAuthenticator basic = BasicFixture.of(HASH, checks::add, time, registry);
    private final List<Thread> clients = new ArrayList<>();

    private Future<Optional<Principal>> arrives(FakeCredentials credentials) {
        FutureTask<Optional<Principal>> request = new FutureTask<>(() -> basic.authenticate(credentials));
        clients.add(Thread.startVirtualThread(request));
        return request;
    }

    private void awaitWaitingClients() {
        Await.until("every client waits", PATIENCE, () -> clients.stream()
                .allMatch(client -> client.getState() == Thread.State.TIMED_WAITING));
    }

    private static Throwable failure(Future<?> request) throws Exception {
        try {
            Object _ = request.get(30, TimeUnit.SECONDS);
            throw new AssertionError("the request was not refused");
        } catch (ExecutionException refused) {
            return Objects.requireNonNull(refused.getCause());
        }
    }

    private void check() throws InterruptedException {
        Runnable check = checks.poll(30, TimeUnit.SECONDS);
        assertThat(check).isNotNull();
        check.run();
    }

    @Test
    void equalPasswordsAtTheSameTimeShareACheck() throws Exception {
        List<Future<Optional<Principal>>> requests = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            requests.add(arrives(BasicFixture.login("ops:correct horse")));
        }
        awaitWaitingClients();
        check();
        for (Future<Optional<Principal>> request : requests) {
            assertThat(request.get(30, TimeUnit.SECONDS)).isPresent();
        }
        assertThat(checks).isEmpty();
    }

    @Test
    void attemptsAtTheSameTimeDoNotExceedTheLimit() throws Exception {
        List<Future<Optional<Principal>>> guesses = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            guesses.add(arrives(BasicFixture.login("ops:guess " + i)));
        }
        awaitWaitingClients();
        assertThat(failure(arrives(BasicFixture.login("ops:guess 4")))).isInstanceOf(UnjudgedException.class);
        for (int i = 0; i < 3; i++) {
            check();
        }
        for (Future<Optional<Principal>> guess : guesses) {
            assertThat(failure(guess)).isInstanceOf(AuthenticationException.class);
        }
        assertThat(failure(arrives(BasicFixture.login("ops:guess 5")))).isInstanceOf(TooManyAttemptsException.class);
        assertThat(checks).isEmpty();
    }

    @Test
    void rightPasswordsTakeNoAttempts() throws Exception {
        for (int i = 0; i < 5; i++) {
            Future<Optional<Principal>> request = arrives(BasicFixture.login("ops:correct horse"));
            check();
            assertThat(request.get(30, TimeUnit.SECONDS)).isPresent();
            time.advance(Duration.ofSeconds(61));
        }
    }

    @Test
    void whatWaitedTooLongIsNotChecked() throws Exception {
        Future<Optional<Principal>> request = arrives(BasicFixture.login("ops:correct horse"));
        awaitWaitingClients();
        time.advance(Duration.ofSeconds(6));
        check();
        assertThat(failure(request)).isInstanceOf(UnjudgedException.class);
    }

    @Test
    void aCheckThatFailsAccusesNobody() throws Exception {
        BasicAuthenticator full = BasicFixture.of(
                HASH,
                _ -> {
                    throw new RejectedExecutionException();
                },
                time,
                registry);
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> full.authenticate(BasicFixture.login("ops:wrong")))
                    .isInstanceOf(UnjudgedException.class);
        }
    }

    @Test
    void aStopRefusesWhatWaits() throws Exception {
        Future<Optional<Principal>> request = arrives(BasicFixture.login("ops:correct horse"));
        awaitWaitingClients();
        basic.close();
        assertThat(failure(request)).isInstanceOf(UnjudgedException.class);
    }

    @Test
    void aFewPlatformThreadsCheck() throws Exception {
        BlockingQueue<Boolean> hold = new LinkedBlockingQueue<>();
        BlockingQueue<Thread> started = new LinkedBlockingQueue<>();
        Runnable check = () -> {
            started.add(Thread.currentThread());
            try {
                boolean _ = hold.take();
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
        };
        try (PasswordThreads threads = new PasswordThreads(2)) {
            for (int i = 0; i < 2 + 2 * PasswordThreads.WAITING; i++) {
                threads.execute(check);
            }
            assertThatThrownBy(() -> threads.execute(check)).isInstanceOf(RejectedExecutionException.class);
            Await.until("two run", PATIENCE, () -> started.size() == 2);
            assertThat(started).noneMatch(Thread::isVirtual).allMatch(Thread::isDaemon);
            hold.add(true);
            Await.until("one that waited runs", PATIENCE, () -> started.size() == 3);
        }
        assertThat(started).hasSize(3);
    }
}
