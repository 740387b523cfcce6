package io.lynx.job;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * When a job runs. Runs of one job never overlap, and times that pass while one is running are skipped. Immutable.
 *
 * @see #every
 * @see #fixedRate
 * @see #cron
 */
public final class Schedule {
    private static final Duration LONGEST = Duration.ofDays(366);

    /** How the time of the next run follows from the last. */
    private enum Kind {
        FIXED_DELAY,
        FIXED_RATE,
        CRON
    }

    private final Kind kind;
    private final Duration period;
    private final @Nullable CronExpression cron;
    private final ZoneId zone;
    private final Duration jitter;
    private final @Nullable Duration timeout;

    private Schedule(
            Kind kind,
            Duration period,
            @Nullable CronExpression cron,
            ZoneId zone,
            Duration jitter,
            @Nullable Duration timeout) {
        this.kind = kind;
        this.period = period;
        this.cron = cron;
        this.zone = zone;
        this.jitter = jitter;
        this.timeout = timeout;
    }

    /**
     * Returns a schedule that waits for {@code delay} before the first run and after the end of each.
     *
     * @throws IllegalArgumentException if the delay is shorter than a millisecond or longer than 366 days
     */
    public static Schedule every(Duration delay) {
        return periodic(Kind.FIXED_DELAY, delay);
    }

    /**
     * Returns a schedule with a run at each multiple of {@code period} after the start. A run that takes longer makes the
     * next one begin at the next multiple.
     *
     * @throws IllegalArgumentException if the period is shorter than a millisecond or longer than 366 days
     */
    public static Schedule fixedRate(Duration period) {
        return periodic(Kind.FIXED_RATE, period);
    }

    private static Schedule periodic(Kind kind, Duration period) {
        requireBetween("schedule", period, Duration.ofMillis(1));
        return new Schedule(kind, period, null, ZoneOffset.UTC, Duration.ZERO, null);
    }

    /**
     * Returns a schedule of wall-clock times in UTC, such as {@code 0 3 * * *} for three o'clock every night: minute, hour,
     * day of the month, month, day of the week. Each is {@code *}, a number or name ({@code mon}, {@code jan}), a range
     * {@code 1-5}, a step {@code *}{@code /15}, or several of these with commas. If both days are restricted, either of them
     * is enough. 0 and 7 are Sunday.
     *
     * @throws IllegalArgumentException if the expression is malformed or never matches
     */
    public static Schedule cron(String expression) {
        CronExpression cron = CronExpression.parse(expression);
        return new Schedule(Kind.CRON, Duration.ZERO, cron, ZoneOffset.UTC, Duration.ZERO, null);
    }

    /**
     * Returns the same schedule in the wall-clock time of {@code zone}. A time that a change to summer time skips is replaced
     * by the time an hour later; a time that occurs twice counts once.
     *
     * @param zone such as {@code Europe/Berlin}
     * @throws IllegalArgumentException if the zone is unknown, or this is not a cron schedule
     */
    public Schedule withZone(String zone) {
        if (kind != Kind.CRON) {
            throw new IllegalArgumentException("schedule zone: '" + zone
                    + "'; only a cron schedule has one, other schedules count from the start");
        }
        try {
            return new Schedule(kind, period, cron, ZoneId.of(zone), jitter, timeout);
        } catch (DateTimeException unknown) {
            throw new IllegalArgumentException(
                    "schedule zone: '" + zone
                            + "' is unknown; write a name such as 'Europe/Berlin' or an offset such as '+02:00'",
                    unknown);
        }
    }

    /**
     * Returns the same schedule with a random delay before each run, so that several instances do not run at the same moment.
     *
     * @param jitter the longest delay
     * @throws IllegalArgumentException if it is negative or longer than 366 days
     */
    public Schedule withJitter(Duration jitter) {
        requireBetween("schedule jitter", jitter, Duration.ZERO);
        return new Schedule(kind, period, cron, zone, jitter, timeout);
    }

    /**
     * Returns the same schedule with a time-out for each run. When it passes, {@link JobContext#isCancelled} becomes true, a
     * warning names the job, and the run counts as timed out; it is not interrupted.
     *
     * @throws IllegalArgumentException if it is shorter than a millisecond or longer than 366 days
     */
    public Schedule withTimeout(Duration timeout) {
        requireBetween("schedule timeout", timeout, Duration.ofMillis(1));
        return new Schedule(kind, period, cron, zone, jitter, timeout);
    }

    private static void requireBetween(String what, Duration duration, Duration least) {
        if (duration.compareTo(least) < 0 || duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(what + ": " + duration + "; from " + least + " to " + LONGEST);
        }
    }

    /** Returns the longest random delay before a run. */
    public Duration jitter() {
        return jitter;
    }

    /** Returns the time-out of a run; null if it has none. */
    public @Nullable Duration timeout() {
        return timeout;
    }

    /** Returns whether the runs follow the wall clock. */
    public boolean isCron() {
        return kind == Kind.CRON;
    }

    /**
     * Returns the first time after {@code now} that matches a cron schedule.
     *
     * @throws IllegalStateException if this is not a cron schedule
     */
    public Instant nextAfter(Instant now) {
        if (cron == null) {
            throw new IllegalStateException("schedule: it is " + this + " and has no wall-clock times");
        }
        return cron.nextAfter(now.atZone(zone)).toInstant();
    }

    /**
     * Returns the time from now to the next run of a schedule that counts from the start.
     *
     * @param sinceStart the time since the job was scheduled
     * @throws IllegalStateException if this is a cron schedule
     */
    public Duration delayAfter(Duration sinceStart) {
        return switch (kind) {
            case FIXED_DELAY -> period;
            case FIXED_RATE -> period.minusNanos(sinceStart.toNanos() % period.toNanos());
            case CRON -> throw new IllegalStateException("schedule: it is " + this + " and follows the wall clock");
        };
    }

    @Override
    public String toString() {
        return switch (kind) {
            case FIXED_DELAY -> "every " + period;
            case FIXED_RATE -> "fixed rate " + period;
            case CRON -> "cron '" + cron + "' in " + zone;
        };
    }
}
