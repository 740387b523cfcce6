package io.lynx.container;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.context.RequestScope;
import io.lynx.context.Span;
import io.lynx.context.SpanKind;
import io.lynx.context.Tracing;
import io.lynx.extension.UserCode;
import io.lynx.job.Job;
import io.lynx.job.JobContext;
import io.lynx.job.JobOutcome;
import io.lynx.job.Schedule;
import io.lynx.os.ExitCall;
import io.lynx.plugin.AcceptedWork;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.TimedWait;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/*
 * waiting ──time──▶ running ──end──▶ waiting …        close: waiting ends at once, running is awaited by finish()
 *
 * The next run is scheduled when the last has ended, so that runs cannot overlap and missed times collapse into one. A cron
 * job waits at most a minute at a time and then reads the wall clock again, since that clock may be set.
 */

/** One job of a plugin, from its registration to its removal. Thread-safe. */
final class ScheduledJob implements AcceptedWork {
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
    /** Below 36 to the power of 8, so that the number of a run has at most eight characters. */
    private static final long RUN_NUMBERS = 2_821_109_907_456L;

    /** How long a run of a job without a time-out may take before it is named. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final String name;
    private final Schedule schedule;
    private final Job job;
    private final PluginServices services;
    private final Function<Runnable, Thread> threads;
    private final JobListener listener;
    private final RandomGenerator random;
    private final @Nullable Tracing tracing;
    private final long startedAt;

    @GuardedBy("this")
    private Scheduler.@Nullable Scheduled next;

    @GuardedBy("this")
    private CompletableFuture<@Nullable Void> current = CompletableFuture.completedFuture(null);

    private volatile @Nullable Thread running;
    private volatile boolean closed;

    /** Receives how runs end and which of them exceed their time-out. */
    interface JobListener {
        /** A run has ended. */
        void ended(String job, JobOutcome outcome, Duration took, @Nullable Throwable failure);

        /** A run has exceeded its time-out, or the time after which one without a time-out is named, and goes on. */
        void overdue(String job, Duration allowed, StackTraceElement[] stack);
    }

    /**
     * Creates a job that is not scheduled.
     *
     * @param threads makes the thread of a run
     * @param tracing where the spans of runs go; null for nowhere
     */
    ScheduledJob(
            String name,
            Schedule schedule,
            Job job,
            PluginServices services,
            Function<Runnable, Thread> threads,
            JobListener listener,
            RandomGenerator random,
            @Nullable Tracing tracing) {
        this.name = name;
        this.schedule = schedule;
        this.job = job;
        this.services = services;
        this.threads = threads;
        this.listener = listener;
        this.random = random;
        this.tracing = tracing;
        this.startedAt = services.ticker().nanos();
    }

    /** Schedules the next run. */
    void begin() {
        if (schedule.isCron()) {
            Instant now = services.clock().instant();
            awaitInstant(schedule.nextAfter(now).plus(jitter()));
        } else {
            Duration sinceStart = Duration.ofNanos(services.ticker().nanos() - startedAt);
            after(schedule.delayAfter(sinceStart).plus(jitter()), this::launch);
        }
    }

    private Duration jitter() {
        long most = schedule.jitter().toNanos();
        return most == 0 ? Duration.ZERO : Duration.ofNanos(random.nextLong(most + 1));
    }

    private void awaitInstant(Instant due) {
        Duration wait = Duration.between(services.clock().instant(), due);
        if (wait.compareTo(LONGEST_WAIT) > 0) {
            after(LONGEST_WAIT, () -> awaitInstant(due));
        } else {
            after(wait, () -> {
                if (services.clock().instant().isBefore(due)) {
                    awaitInstant(due);
                } else {
                    launch();
                }
            });
        }
    }

    private synchronized void after(Duration delay, Runnable action) {
        if (!closed) {
            next = services.scheduler().after(delay, action);
        }
    }

    private void launch() {
        CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
        synchronized (this) {
            if (closed) {
                return;
            }
            current = ended;
        }
        boolean started = UserCode.run(() -> threads.apply(() -> runOnce(ended)).start(), _ -> {});
        if (!started) {
            ended.complete(null);
            begin(); // Has no effect if the plugin has stopped, which is why it makes no threads any more.
        }
    }

    private void runOnce(CompletableFuture<@Nullable Void> ended) {
        long begun = services.ticker().nanos();
        Run run = new Run(schedule.timeout() == null ? null : Deadline.after(schedule.timeout(), services.ticker()));
        Thread worker = Thread.currentThread();
        running = worker;
        RequestScope request = RequestScope.of(newRunId(), "job " + name, run.deadline);
        Scheduler.Scheduled alarm = null;
        Span span = Span.NONE;
        Throwable failure = null;
        try {
            alarm = alarm(worker);
            if (tracing != null && tracing.isActive()) {
                span = tracing.begin(SpanKind.INTERNAL, "run " + name, request);
            }
            boolean _ = span.in(request).call(() -> run(run));
        } catch (Throwable thrown) {
            failure = thrown;
        }
        try {
            span.end(failure);
            request.end();
            boolean _ = Thread.interrupted();
            if (alarm != null) {
                boolean _ = alarm.cancel();
            }
            Duration took = Duration.ofNanos(services.ticker().nanos() - begun);
            listener.ended(name, outcome(run, failure), took, failure);
            if (failure != null) {
                UserCode.rethrowIfFatal(failure);
            }
        } finally {
            running = null;
            ended.complete(null);
            begin();
        }
    }

    private String newRunId() {
        return name + "-" + Long.toString(ThreadLocalRandom.current().nextLong(RUN_NUMBERS), 36);
    }

    private boolean run(Run run) throws Exception {
        job.run(run);
        return true;
    }

    private Scheduler.Scheduled alarm(Thread worker) {
        Duration timeout = schedule.timeout();
        Duration allowed = timeout == null ? PATIENCE : timeout;
        return services.scheduler().after(allowed, () -> listener.overdue(name, allowed, worker.getStackTrace()));
    }

    private JobOutcome outcome(Run run, @Nullable Throwable failure) {
        if (run.isOverdue()) {
            return JobOutcome.TIMEOUT;
        }
        if (failure == null) {
            return JobOutcome.SUCCESS;
        }
        return closed ? JobOutcome.CANCELLED : JobOutcome.FAILURE;
    }

    /** Lets the current run end, within the deadline, and begins no other. */
    @Override
    public void finish(Deadline deadline) throws InterruptedException {
        close();
        Thread worker = running;
        if (worker != null && ExitCall.isInProgress() && ExitCall.isMadeBy(worker)) {
            return; // It called System.exit, and so waits for this shutdown.
        }
        CompletableFuture<@Nullable Void> last;
        synchronized (this) {
            last = current;
        }
        boolean _ = TimedWait.await(last, deadline, services.deadlines());
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (next != null) {
            boolean _ = next.cancel();
        }
    }

    /** The context of one run. */
    private final class Run implements JobContext {
        private final @Nullable Deadline deadline;

        Run(@Nullable Deadline deadline) {
            this.deadline = deadline;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Optional<Deadline> deadline() {
            return Optional.ofNullable(deadline);
        }

        @Override
        public boolean isCancelled() {
            return closed || isOverdue();
        }

        boolean isOverdue() {
            return deadline != null && deadline.isExpired();
        }
    }
}
