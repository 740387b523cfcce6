package io.lynx.app;

import io.lynx.config.Durations;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The deadline of the code that sets up the application in {@code main}. The configuration is not known then; of its sources only
 * arguments, system properties and environment variables are looked at, for {@value #KEY}. Used once.
 */
final class SetupDeadline {
    static final String KEY = "lynx.startup.timeout";
    private static final String OPTION = "--" + KEY + "=";
    private static final int FRAMES = 12;

    private final Supplier<Duration> budget;
    private final Consumer<String> overdue;
    private final CountDownLatch done = new CountDownLatch(1);

    /**
     * Creates a deadline.
     *
     * @param budget is read on the thread that watches the time
     * @param overdue receives the message of a set-up that exceeds the deadline, on that thread
     */
    SetupDeadline(Supplier<Duration> budget, Consumer<String> overdue) {
        this.budget = budget;
        this.overdue = overdue;
    }

    /** Returns the timeout of the start, as far as it is known before the configuration is read. */
    static Duration budget(String[] args, @Nullable String property, @Nullable String variable) {
        String text = property != null ? property : variable != null ? variable : "";
        for (String argument : args) {
            if (argument.startsWith(OPTION)) {
                text = argument.substring(OPTION.length());
            }
        }
        try {
            return text.isEmpty() ? StartupConfig.DEFAULTS.timeout() : Durations.parse(text);
        } catch (IllegalArgumentException reportedWithTheConfiguration) {
            return StartupConfig.DEFAULTS.timeout();
        }
    }

    /** Runs {@code setup} on the calling thread, while another one watches the time. */
    void watch(Runnable setup) {
        Thread caller = Thread.currentThread();
        Thread _ = Thread.ofPlatform().name("lynx-setup-deadline").daemon().start(() -> await(caller));
        try {
            setup.run();
        } finally {
            done.countDown();
        }
    }

    private void await(Thread caller) {
        try {
            if (done.getCount() == 0) {
                return;
            }
            Duration allowed = budget.get();
            if (!done.await(allowed.toNanos(), TimeUnit.NANOSECONDS)) {
                overdue.accept("the start exceeded its timeout of " + allowed.toMillis()
                        + " ms while running the set-up that was passed to Lynx.run, at "
                        + Arrays.stream(caller.getStackTrace())
                                .limit(FRAMES)
                                .map(StackTraceElement::toString)
                                .collect(Collectors.joining(" < ")));
            }
        } catch (InterruptedException givenUp) {
            Thread.currentThread().interrupt();
        }
    }
}
