package io.lynx.leadership.engine;

import static io.lynx.leadership.engine.CandidateFixture.ACTION_TIMEOUT;
import static io.lynx.leadership.engine.CandidateFixture.LEASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.health.HealthStatus;
import io.lynx.leadership.LeadershipConfig;
import io.lynx.leadership.LeadershipEvent;
import io.lynx.leadership.LeadershipEvent.EndOfTerm;
import io.lynx.leadership.LeaseAnswer;
import io.lynx.testkit.Await;
import io.lynx.time.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CandidateTest {
    private final CandidateFixture fixture = new CandidateFixture();

    private void advance(long seconds) {
        fixture.advance(Duration.ofSeconds(seconds));
    }

    private void finish(Candidate candidate) throws InterruptedException {
        candidate.finish(Deadline.after(Duration.ofSeconds(5), fixture.time));
        fixture.settle();
    }

    /** Waits for actions that have been interrupted; they still count as hanging, so no advance waits for them. */
    private void awaitJournal(int lines) {
        Await.until("the interrupted action ends", () -> fixture.journal.size() >= lines);
    }

    private LeadershipEvent.Ended end() {
        return fixture.events(LeadershipEvent.Ended.class).getLast();
    }

    @Test
    void oneOfTwoIsTheLeaderAndStaysIt() {
        Candidate first = fixture.begin("a");
        advance(3);
        Candidate second = fixture.begin("b");
        advance(120);

        assertThat(fixture.journal).containsExactly("a gained 1");
        assertThat(first.isLeader()).isTrue();
        assertThat(first.token())
                .hasValueSatisfying(token -> assertThat(token.value()).isEqualTo(1));
        assertThat(second.isLeader()).isFalse();
        assertThat(first.health().data()).containsEntry("leader", true).containsEntry("term", 1L);
        assertThat(second.health().data()).containsEntry("leader", false).containsEntry("holder", "a-1");
    }

    @Test
    void finishEndsTheTermAndReleasesTheLeaseAtOnce() throws Exception {
        Candidate first = fixture.begin("a");
        advance(3);
        Candidate second = fixture.begin("b");
        advance(3);

        finish(first);
        assertThat(fixture.journal).containsExactly("a gained 1", "a lost 1");
        assertThat(fixture.backend.current()).isNull();
        assertThat(end().cause()).isEqualTo(EndOfTerm.RELEASED);
        advance(3);

        assertThat(fixture.journal).endsWith("b gained 2");
        assertThat(second.isLeader()).isTrue();
        assertThat(first.isLeader()).isFalse();
        finish(first);
        advance(60);
        assertThat(first.isLeader()).isFalse();
    }

    @Test
    void leaderThatCannotRenewEndsItsTermBeforeTheBackendDoes() {
        Candidate candidate = fixture.begin("a");
        advance(3);
        fixture.backend.failWith(new IOException("connection refused"));

        Duration waited = Duration.ZERO;
        Duration step = Duration.ofMillis(100);
        while (candidate.isLeader() && waited.compareTo(LEASE) < 0) {
            fixture.advance(step);
            waited = waited.plus(step);
        }

        assertThat(waited).isLessThan(LEASE);
        assertThat(fixture.backend.current()).as("the lease at the backend").isNotNull();
        assertThat(fixture.journal).containsExactly("a gained 1", "a lost 1");
        assertThat(end().cause()).isEqualTo(EndOfTerm.LOST);
        assertThat(end().reason()).isEqualTo("it was not renewed in time: java.io.IOException: connection refused");
        assertThat(fixture.events(LeadershipEvent.CallFailed.class))
                .hasSizeGreaterThan(3)
                .allMatch(failed -> failed.operation().equals("renew"));
    }

    @Test
    void renewalsThatFailForAShortTimeAreRepeated() {
        Candidate candidate = fixture.begin("a");
        advance(6);
        fixture.backend.failWith(new IOException("reset"));
        advance(8);
        fixture.backend.failWith(null);
        advance(30);

        assertThat(candidate.isLeader()).isTrue();
        assertThat(fixture.journal).containsExactly("a gained 1");
        assertThat(fixture.events(LeadershipEvent.Reconnected.class)).hasSize(1);
    }

    @Test
    void renewalThatHangsDoesNotHoldTheTermAndTheCandidacyGoesOn() {
        Candidate candidate = fixture.begin("a");
        advance(3);
        CountDownLatch latch = new CountDownLatch(1);
        fixture.backend.hang(latch, false);
        advance(15);
        assertThat(candidate.isLeader()).isFalse();
        assertThat(fixture.journal).containsExactly("a gained 1", "a lost 1");

        fixture.release(latch);
        advance(40);

        assertThat(candidate.isLeader()).isTrue();
        assertThat(fixture.journal).containsExactly("a gained 1", "a lost 1", "a gained 2");
    }

    @Test
    void renewalThatAnswersLateStillCounts() {
        Candidate candidate = fixture.begin("a");
        advance(3);
        CountDownLatch latch = new CountDownLatch(1);
        fixture.backend.hang(latch, true);
        advance(10);
        fixture.release(latch);
        advance(4);

        assertThat(candidate.isLeader()).isTrue();
        assertThat(fixture.journal).containsExactly("a gained 1");
    }

    @Test
    void leaseThatIsGrantedTooLateIsReleased() {
        CountDownLatch latch = new CountDownLatch(1);
        fixture.backend.hang(latch, true);
        Candidate candidate = fixture.begin("a");
        advance(6);
        assertThat(fixture.backend.current()).isNotNull();
        fixture.release(latch);

        assertThat(candidate.isLeader()).isFalse();
        assertThat(fixture.backend.current()).isNull();
        advance(10);
        assertThat(candidate.isLeader()).isTrue();
    }

    @Test
    void clockOfTheBackendThatJumpsForwardEndsTheTermAtTheNextRenewal() {
        Candidate first = fixture.begin("a");
        advance(3);
        fixture.backend.jump(Duration.ofHours(1));
        Candidate second = fixture.begin("b");
        advance(6);

        assertThat(first.isLeader()).isFalse();
        assertThat(second.isLeader()).isTrue();
        assertThat(end().reason()).isEqualTo("the backend has ended its lease");
        assertThat(fixture.journal).containsExactlyInAnyOrder("a gained 1", "b gained 2", "a lost 1");
    }

    @Test
    void leaderThatWasSuspendedKnowsWhenItWakesBeforeAnyTimerRuns() {
        AtomicLong asleep = new AtomicLong();
        Candidate candidate = fixture.candidate("a", () -> fixture.time.nanos() + asleep.get());
        candidate.begin();
        advance(3);
        assertThat(candidate.isLeader()).isTrue();

        asleep.set(Duration.ofSeconds(12).toNanos());

        assertThat(candidate.isLeader()).isFalse();
        assertThat(candidate.token()).isEmpty();
        assertThat(fixture.events(LeadershipEvent.Ended.class)).isEmpty();
    }

    @Test
    void actionForTheGainThatThrowsGivesTheLeadershipUp() {
        Candidate failing = fixture.candidate("a");
        var _ = failing.onGained(token -> {
                    fixture.write("a failed ", token);
                    throw new IllegalStateException("no");
                })
                .onLost(token -> fixture.write("a lost ", token));
        failing.begin();
        advance(1);
        Candidate other = fixture.begin("b");
        advance(4);

        assertThat(fixture.journal).containsExactly("a failed 1", "a lost 1", "b gained 2");
        assertThat(other.isLeader()).isTrue();
        assertThat(fixture.events(LeadershipEvent.ActionFailed.class)).hasSize(1);
        assertThat(fixture.events(LeadershipEvent.Ended.class).getFirst().cause())
                .isEqualTo(EndOfTerm.GIVEN_UP);
    }

    @Test
    void actionForTheGainThatHangsIsInterruptedAndGivesTheLeadershipUp() {
        Candidate hanging = fixture.candidate("a");
        CountDownLatch never = new CountDownLatch(1);
        var _ = hanging.onGained(token -> {
            fixture.hangingActions.incrementAndGet();
            try {
                never.await();
            } finally {
                fixture.write("a interrupted ", token);
                fixture.hangingActions.decrementAndGet();
            }
        });
        hanging.begin();
        advance(1);
        Candidate other = fixture.begin("b");
        fixture.advance(ACTION_TIMEOUT.plusSeconds(4));
        awaitJournal(2);

        assertThat(fixture.journal).containsExactlyInAnyOrder("a interrupted 1", "b gained 2");
        assertThat(other.isLeader()).isTrue();
        assertThat(fixture.events(LeadershipEvent.ActionOverdue.class))
                .hasSize(1)
                .allMatch(overdue ->
                        overdue.action().equals("gained") && !overdue.stack().isEmpty());
    }

    @Test
    void actionForTheGainIsInterruptedWhenTheTermEnds() {
        Candidate candidate = fixture.candidate("a");
        CountDownLatch never = new CountDownLatch(1);
        var _ = candidate
                .onGained(token -> {
                    fixture.hangingActions.incrementAndGet();
                    try {
                        never.await();
                    } finally {
                        fixture.write("a interrupted ", token);
                        fixture.hangingActions.decrementAndGet();
                    }
                })
                .onLost(token -> fixture.write("a lost ", token));
        candidate.begin();
        advance(1);
        fixture.backend.jump(Duration.ofHours(1));
        advance(6);

        awaitJournal(2);
        assertThat(fixture.journal).startsWith("a interrupted 1", "a lost 1");
        assertThat(fixture.events(LeadershipEvent.ActionFailed.class)).isEmpty();
    }

    @Test
    void actionForTheLossThatHangsDoesNotKeepTheLeadership() {
        CountDownLatch never = new CountDownLatch(1);
        Candidate hanging = fixture.candidate("a");
        var _ = hanging.onGained(token -> fixture.write("a gained ", token)).onLost(token -> {
            fixture.hangingActions.incrementAndGet();
            try {
                never.await();
            } finally {
                fixture.hangingActions.decrementAndGet();
            }
        });
        hanging.begin();
        advance(1);
        fixture.backend.failWith(new IOException("gone"));
        advance(20);
        assertThat(hanging.isLeader()).isFalse();
        fixture.backend.failWith(null);
        advance(40);

        assertThat(hanging.isLeader()).isTrue();
        assertThat(fixture.journal).containsExactly("a gained 1", "a gained 2");
        assertThat(fixture.events(LeadershipEvent.ActionOverdue.class))
                .extracting(LeadershipEvent.ActionOverdue::action)
                .containsExactly("lost");
    }

    @Test
    void actionsThatAreSetLaterAreCalledForThePresentTerm() {
        Candidate candidate = fixture.candidate("a");
        candidate.begin();
        advance(3);
        assertThat(candidate.isLeader()).isTrue();

        var _ = candidate.onGained(token -> fixture.write("gained ", token));
        fixture.settle();
        assertThat(fixture.journal).containsExactly("gained 1");
        fixture.backend.jump(Duration.ofHours(1));
        advance(6);
        // The loss of the first term is not made up for, since a second one has begun.
        assertThat(fixture.journal).containsExactly("gained 1", "gained 2");
        fixture.backend.failWith(new IOException("gone"));
        advance(16);
        assertThat(candidate.isLeader()).isFalse();

        var _ = candidate.onLost(token -> fixture.write("lost ", token));
        fixture.settle();
        assertThat(fixture.journal).containsExactly("gained 1", "gained 2", "lost 2");
        assertThatThrownBy(() -> candidate.onLost(token -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "leadership 'report': has an action for the loss already; call both things from one action");
    }

    @Test
    void attemptsBecomeRareWhileTheBackendFailsAndHealthShowsIt() {
        fixture.backend.failWith(new IOException("refused"));
        Candidate candidate = fixture.begin("a");
        advance(10);
        assertThat(candidate.health().status()).isEqualTo(HealthStatus.UP);
        int calls = fixture.backend.calls();
        advance(120);

        assertThat(fixture.backend.calls() - calls).isBetween(6, 12);
        assertThat(candidate.health().status()).isEqualTo(HealthStatus.DEGRADED);
        assertThat(candidate.health().error())
                .contains("leadership 'report': the backend has not answered for", "refused");
        fixture.backend.failWith(null);
        advance(20);
        assertThat(candidate.isLeader()).isTrue();
        assertThat(candidate.health().status()).isEqualTo(HealthStatus.UP);
    }

    @Test
    void backendThatReturnsNonsenseIsAFailure() {
        fixture.backend.failWith(new IOException("x"));
        Candidate candidate = new Candidate(new CandidateSettings(
                "report",
                "a",
                LeadershipConfig.defaults(),
                HostileLeases::new,
                fixture.time,
                fixture.time,
                Thread.ofVirtual().factory(),
                new Random(1),
                fixture.events::add));
        candidate.begin();
        for (int second = 0; second < 30; second++) {
            fixture.time.advance(Duration.ofSeconds(1));
            int failures = fixture.events.size();
            if (failures < 2) {
                Await.until("a timer waits", () -> fixture.time.pending() > 0);
            }
        }

        Await.until("calls fail", () -> fixture.events.size() >= 2);
        assertThat(candidate.isLeader()).isFalse();
        assertThat(fixture.events).allMatch(LeadershipEvent.CallFailed.class::isInstance);
    }

    @Test
    void backendThatNeverReturnsCostsFewThreads() {
        CountDownLatch latch = new CountDownLatch(1);
        fixture.backend.hang(latch, false);
        Candidate candidate = fixture.begin("a");
        advance(300);
        assertThat(fixture.backend.hanging()).isEqualTo(4);
        assertThat(fixture.events(LeadershipEvent.CallFailed.class).getLast().failure())
                .hasMessage("4 earlier calls have not returned");

        fixture.release(latch);
        advance(40);
        assertThat(candidate.isLeader()).isTrue();
    }

    @Test
    void closeFromAnActionEndsTheCandidacy() {
        Candidate candidate = fixture.candidate("a");
        var _ = candidate
                .onGained(token -> {
                    fixture.write("a gained ", token);
                    candidate.close();
                })
                .onLost(token -> fixture.write("a lost ", token));
        candidate.begin();
        advance(1);
        fixture.settle();
        advance(60);

        assertThat(fixture.journal).containsExactly("a gained 1", "a lost 1");
        assertThat(fixture.backend.current()).isNull();
    }

    @Test
    void renewalThatAnswersAfterTheTermDoesNotKeepOthersOut() {
        Candidate candidate = fixture.begin("a");
        advance(3);
        CountDownLatch latch = new CountDownLatch(1);
        fixture.backend.hang(latch, true);
        advance(21);
        assertThat(candidate.isLeader()).isFalse();
        assertThat(fixture.backend.current())
                .as("the lease that hanging calls have renewed")
                .isNotNull();

        fixture.release(latch);

        assertThat(fixture.backend.current()).isNull();
        assertThat(fixture.journal).containsExactly("a gained 1", "a lost 1");
        Candidate other = fixture.begin("b");
        advance(3);
        assertThat(other.isLeader() || candidate.isLeader()).isTrue();
    }

    @Test
    void finishWaitsForACloseThatIsInProgress() throws Exception {
        CountDownLatch losing = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Candidate candidate = fixture.candidate("a");
        var _ = candidate.onLost(token -> {
            losing.countDown();
            end.await();
        });
        candidate.begin();
        advance(3);
        assertThat(candidate.isLeader()).isTrue();
        candidate.close();
        assertThat(losing.await(30, TimeUnit.SECONDS)).isTrue();

        Thread stop = Thread.ofVirtual().start(() -> {
            try {
                candidate.finish(Deadline.after(Duration.ofSeconds(5), fixture.time));
            } catch (InterruptedException unexpected) {
                Thread.currentThread().interrupt();
            }
        });
        Await.until(
                "the stop waits or has not waited",
                () -> stop.getState() == Thread.State.TIMED_WAITING || stop.getState() == Thread.State.TERMINATED);
        assertThat(stop.isAlive()).isTrue();
        end.countDown();
        stop.join();

        assertThat(fixture.backend.current()).isNull();
    }

    @Test
    void actionForTheGainThatRunsOutOfMemoryGivesTheLeadershipUp() {
        Candidate failing = fixture.candidate("a");
        var _ = failing.onGained(token -> {
                    throw new OutOfMemoryError("no");
                })
                .onLost(token -> fixture.write("a lost ", token));
        failing.begin();
        advance(3);

        assertThat(failing.isLeader()).isFalse();
        assertThat(fixture.journal).containsExactly("a lost 1");
        assertThat(fixture.events(LeadershipEvent.ActionFailed.class)).hasSize(1);
    }

    @Test
    @SuppressWarnings("NullAway") // A backend that breaks its contract.
    void answerWithoutItsPartsIsAFailure() {
        assertThatThrownBy(() -> new LeaseAnswer.Occupied(null, Duration.ZERO))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> new LeaseAnswer.Occupied("a", null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> new LeaseAnswer.Granted(null)).isInstanceOf(NullPointerException.class);
    }
}
