package io.lynx.leadership.engine;

import io.lynx.leadership.FencingToken;
import io.lynx.leadership.LeadershipConfig;
import io.lynx.leadership.LeadershipEvent;
import io.lynx.testkit.Await;
import io.lynx.testkit.ManualTime;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Candidates of one backend in memory, on manual time, and a journal of what they do. Thread-safe. */
final class CandidateFixture {
    static final Duration LEASE = Duration.ofSeconds(15);
    static final Duration ACTION_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration STEP = Duration.ofMillis(100);

    final ManualTime time = new ManualTime();
    final MemoryLeases backend = new MemoryLeases(time);
    final List<String> journal = new CopyOnWriteArrayList<>();
    final List<LeadershipEvent> events = new CopyOnWriteArrayList<>();
    final AtomicInteger hangingActions = new AtomicInteger();
    private final AtomicInteger live = new AtomicInteger();

    /** Makes a candidate without actions that has not begun. */
    Candidate candidate(String instance) {
        return candidate(instance, time);
    }

    /** Makes a candidate with a clock of its own. */
    Candidate candidate(String instance, Ticker ticker) {
        ThreadFactory threads = task -> Thread.ofVirtual().unstarted(() -> {
            try {
                task.run();
            } finally {
                live.decrementAndGet();
            }
        });
        return new Candidate(new CandidateSettings(
                "report",
                instance,
                new LeadershipConfig(null, LEASE, Duration.ofSeconds(2), ACTION_TIMEOUT),
                () -> backend,
                ticker,
                time,
                task -> {
                    live.incrementAndGet();
                    return threads.newThread(task);
                },
                new Random(1),
                events::add));
    }

    /** Begins a candidacy that writes its gains and losses to the journal. */
    Candidate begin(String instance) {
        Candidate candidate = candidate(instance);
        var _ = candidate
                .onGained(token -> write(instance + " gained ", token))
                .onLost(token -> write(instance + " lost ", token));
        candidate.begin();
        return candidate;
    }

    void write(String what, FencingToken token) {
        journal.add(what + token.value());
    }

    /** Advances the time in small steps, and lets the threads of calls and actions work after each. */
    void advance(Duration duration) {
        for (Duration left = duration; left.isPositive(); left = left.minus(STEP)) {
            time.advance(left.compareTo(STEP) < 0 ? left : STEP);
            settle();
        }
    }

    /** Waits until every thread that does not hang has ended. */
    void settle() {
        Await.until(
                "the threads end; the journal is " + journal,
                () -> live.get() <= backend.hanging() + hangingActions.get());
    }

    /** Lets the calls that hang return, and later ones not hang. */
    void release(CountDownLatch latch) {
        backend.hangNoMore();
        latch.countDown();
        Await.until("no call hangs", () -> backend.hanging() == 0);
        settle();
    }

    /** Returns the events of one type. */
    <T extends LeadershipEvent> List<T> events(Class<T> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
