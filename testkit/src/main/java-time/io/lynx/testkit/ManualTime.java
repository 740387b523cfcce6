package io.lynx.testkit;

import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Time that moves only when a test advances it: a ticker, a wall clock and a scheduler in one. Due tasks run on the thread
 * that advances the time, in the order of their times and, at the same time, of their scheduling; each sees the time it
 * was scheduled for. Thread-safe.
 */
public final class ManualTime implements Ticker, Scheduler, InstantSource {
    private final List<Task> tasks = new ArrayList<>();
    private final Instant origin = Instant.parse("2026-01-01T00:00:00Z");
    private Duration wallClockJump = Duration.ZERO;
    private long now;
    private long sequence;

    private record Task(long at, long sequence, Runnable action) {}

    @Override
    public synchronized long nanos() {
        return now;
    }

    @Override
    public synchronized Instant instant() {
        return origin.plusNanos(now).plus(wallClockJump);
    }

    @Override
    public synchronized Scheduled after(Duration delay, Runnable action) {
        Task task = new Task(now + Math.max(0, delay.toNanos()), sequence++, action);
        tasks.add(task);
        return () -> cancel(task);
    }

    private synchronized boolean cancel(Task task) {
        return tasks.remove(task);
    }

    /** Moves the time forward and runs what falls due, including tasks that due tasks schedule. */
    public void advance(Duration duration) {
        long end;
        synchronized (this) {
            end = now + duration.toNanos();
        }
        for (Task due = nextDue(end); due != null; due = nextDue(end)) {
            due.action().run();
        }
        synchronized (this) {
            now = Math.max(now, end);
        }
    }

    /** Moves the wall clock but not the monotonic time, as an operator or a time server may. */
    public synchronized void jumpWallClock(Duration by) {
        wallClockJump = wallClockJump.plus(by);
    }

    /** Returns the number of tasks that wait for their time. */
    public synchronized int pending() {
        return tasks.size();
    }

    private synchronized @org.jspecify.annotations.Nullable Task nextDue(long end) {
        Task next = tasks.stream()
                .filter(task -> task.at() <= end)
                .min(Comparator.comparingLong(Task::at).thenComparingLong(Task::sequence))
                .orElse(null);
        if (next != null) {
            tasks.remove(next);
            now = Math.max(now, next.at());
        }
        return next;
    }
}
