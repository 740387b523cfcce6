package io.lynx.os;

import java.util.Arrays;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the status that {@link System#exit} was called with. The JVM logs it before it runs the shutdown hooks (see
 * {@link Runtime#exit}); a hook has no other way to read it. Thread-safe.
 */
public final class ExitCall {
    private static final Pattern STATUS = Pattern.compile("Runtime\\.exit\\(\\).*?(-?\\d{1,10})");

    private final Logger logger;
    private volatile @Nullable Integer status;

    private ExitCall(Logger logger) {
        this.logger = logger;
    }

    /**
     * Starts observing the JVM's log of exits; returns null if the platform's logging is not available. This loads the
     * platform's logging, which every exit loads anyway.
     */
    public static @Nullable ExitCall observe() {
        try {
            ExitCall call = new ExitCall(Logger.getLogger("java.lang.Runtime"));
            call.logger.setLevel(Level.FINE);
            call.logger.addHandler(call.new Receiver());
            return call;
        } catch (RuntimeException | LinkageError unavailable) {
            return null;
        }
    }

    /** Returns the status of the first call; null if there was no call or its status is unknown. */
    public @Nullable Integer status() {
        return status;
    }

    /** Returns whether the process exits, so that threads which called {@link System#exit} wait for that. */
    public static boolean isInProgress() {
        try {
            boolean _ = Runtime.getRuntime().removeShutdownHook(new Thread(() -> {}));
            return false;
        } catch (IllegalStateException exiting) {
            return true;
        }
    }

    /** Returns whether {@code thread} has called {@link System#exit}, which never returns. */
    public static boolean isMadeBy(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals("java.lang.Runtime")
                        && frame.getMethodName().equals("exit"));
    }

    private void received(String message) {
        Matcher found = STATUS.matcher(message);
        if (status == null && found.find()) {
            status = Integer.valueOf(found.group(1));
        }
    }

    private final class Receiver extends Handler {
        @Override
        public void publish(LogRecord record) {
            String message = record.getMessage();
            if (message != null) {
                received(message);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
