package io.lynx.leadership.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.leadership.FencingToken;
import io.lynx.leadership.LeadershipConfig;
import io.lynx.leadership.Lease;
import io.lynx.leadership.LeaseAnswer;
import io.lynx.leadership.LeaseBackend;
import io.lynx.testkit.Await;
import io.lynx.time.Deadline;
import io.lynx.time.SystemScheduler;
import io.lynx.time.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** Several candidates in real time whose backend and actions fail at random: there are never two leaders, and tokens only grow. */
class CandidateRaceTest {
    private static final int CANDIDATES = 4;
    private static final int TERMS = 6;

    /** A backend whose calls fail often, some of them after they have done their work. */
    private record Unreliable(LeaseBackend leases) implements LeaseBackend {
        private static void fail(int percent) throws IOException {
            if (ThreadLocalRandom.current().nextInt(100) < percent) {
                throw new IOException("at random");
            }
        }

        @Override
        public LeaseAnswer acquire(String leadership, String holder, Duration duration) throws Exception {
            fail(20);
            LeaseAnswer answer = leases.acquire(leadership, holder, duration);
            fail(10);
            return answer;
        }

        @Override
        public boolean renew(Lease lease, Duration duration) throws Exception {
            fail(90);
            boolean isHeld = leases.renew(lease, duration);
            fail(20);
            return isHeld;
        }

        @Override
        public void release(Lease lease) throws Exception {
            fail(30);
            leases.release(lease);
        }
    }

    @Test
    void neverTwoLeaders() throws Exception {
        Ticker ticker = Ticker.system();
        LeaseBackend backend = new Unreliable(new MemoryLeases(ticker));
        List<Long> gained = new CopyOnWriteArrayList<>();
        List<Candidate> candidates = new ArrayList<>();
        try (SystemScheduler scheduler = new SystemScheduler("race-timer", Thread::startVirtualThread)) {
            for (int i = 0; i < CANDIDATES; i++) {
                Candidate candidate = new Candidate(new CandidateSettings(
                        "race",
                        "candidate" + i,
                        new LeadershipConfig(
                                null, Duration.ofMillis(300), Duration.ofMillis(20), Duration.ofSeconds(20)),
                        () -> backend,
                        ticker,
                        scheduler,
                        Thread.ofVirtual().factory(),
                        ThreadLocalRandom.current(),
                        _ -> {}));
                var _ = candidate.onGained(token -> {
                    gained.add(token.value());
                    if (ThreadLocalRandom.current().nextInt(3) == 0) {
                        throw new IllegalStateException("at random");
                    }
                });
                candidates.add(candidate);
                candidate.begin();
            }

            Await.until("there were many terms", Duration.ofSeconds(60), () -> {
                assertThat(overlap(candidates)).isEmpty();
                return gained.size() >= TERMS;
            });
            for (Candidate candidate : candidates) {
                candidate.finish(Deadline.after(Duration.ofSeconds(20), ticker));
                assertThat(candidate.isLeader()).isFalse();
            }
        }
        assertThat(gained).doesNotHaveDuplicates();
    }

    /** Returns two leaders at one time: of the first, the term was valid before and after the other was seen to be the leader. */
    private static List<FencingToken> overlap(List<Candidate> candidates) {
        for (Candidate first : candidates) {
            Optional<FencingToken> before = first.token();
            for (Candidate other : candidates) {
                Optional<FencingToken> meanwhile = other.equals(first) ? Optional.empty() : other.token();
                if (before.isPresent() && meanwhile.isPresent() && first.token().equals(before)) {
                    return List.of(before.get(), meanwhile.get());
                }
            }
        }
        return List.of();
    }
}
