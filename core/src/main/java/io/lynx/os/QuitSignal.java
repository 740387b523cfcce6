package io.lynx.os;

import io.lynx.os.SignalOutcome.Disposition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A handler of SIGQUIT, active from {@link #install} until {@link #close}. The JVM prints its thread dump first, as it
 * does without a handler. {@code jcmd} and {@code jstack} send the same signal when they first attach to a JVM; they
 * keep working and do not cause a call of the handler. In return, a SIGQUIT within seconds of the first attach only
 * prints a dump.
 *
 * <p>It works on HotSpot on Linux. If several are installed in one JVM, each of them is called. Thread-safe.
 */
public final class QuitSignal implements AutoCloseable {
    private static final String DUMP_ONLY = "only prints a thread dump: ";

    private static final String ATTACHING =
            "SIGQUIT only printed a thread dump: it arrived within seconds of the first attach"
                    + " by jcmd or a similar tool, which also sends SIGQUIT; send it again to shut down";

    private final SignalOutcome outcome;
    private final @Nullable DataDumpEvent event;

    private QuitSignal(SignalOutcome outcome, @Nullable DataDumpEvent event) {
        this.outcome = outcome;
        this.event = event;
    }

    /**
     * Calls {@code handler} for each SIGQUIT that reaches this process, on a thread of its own. In a cold JVM this
     * blocks for about a tenth of a second, so do not call it on the start path. Unless native access is granted
     * ({@code --enable-native-access=io.lynx.core}, or {@code ALL-UNNAMED} from a class path; for an executable jar the
     * manifest's {@code Enable-Native-Access: ALL-UNNAMED}), the JVM prints its warning about native access once.
     *
     * @param remark receives one line for the operator if an attaching tool may have sent the signal; it is called
     *     instead of {@code handler}, on the same thread
     * @param clock dates the signal, to compare it with the files that attaching tools create
     * @return the handler; {@link #outcome()} shows whether it will be called. This method never fails
     */
    public static QuitSignal install(Runnable handler, Consumer<String> remark, InstantSource clock) {
        Path libjvm = Path.of(System.getProperty("java.home"), "lib", "server", System.mapLibraryName("jvm"));
        if (System.getProperty("os.name").startsWith("Windows")) {
            return refused("not handled: this platform has no such signal");
        }
        if (!Files.isRegularFile(libjvm)) {
            return refused(DUMP_ONLY + "this JVM has no " + libjvm);
        }
        if (!hasSignalDispatcher()) {
            return refused(
                    "not handled, it ends the process at once, without a dump or a graceful shutdown: the JVM was"
                            + " started with -Xrs");
        }
        try {
            AttachTraces traces = AttachTraces.ofThisProcess();
            DataDumpEvent event = DataDumpEvent.subscribe(libjvm, () -> {
                Instant now = clock.instant();
                start(() -> {
                    if (traces.areFresh(now)) {
                        remark.accept(ATTACHING);
                    } else {
                        handler.run();
                    }
                });
            });
            return new QuitSignal(
                    new SignalOutcome(ProcessSignal.QUIT, Disposition.INSTALLED, "handled, after the thread dump"),
                    event);
        } catch (IllegalCallerException denied) {
            return refused(DUMP_ONLY + "native access is denied; --enable-native-access grants it");
        } catch (RuntimeException | LinkageError e) {
            return refused(DUMP_ONLY + e);
        }
    }

    private static QuitSignal refused(String reason) {
        return new QuitSignal(new SignalOutcome(ProcessSignal.QUIT, Disposition.REFUSED, reason), null);
    }

    /** Starts a thread like those on which the JDK calls the handlers of other signals. */
    private static void start(Runnable handler) {
        Thread.ofPlatform()
                .name("SIGQUIT handler")
                .daemon(false)
                .inheritInheritableThreadLocals(false)
                .start(handler);
    }

    private static boolean hasSignalDispatcher() {
        ThreadGroup system = Thread.currentThread().getThreadGroup();
        for (ThreadGroup parent = system.getParent(); parent != null; parent = system.getParent()) {
            system = parent;
        }
        Thread[] threads = new Thread[64 + 2 * system.activeCount()];
        int count = system.enumerate(threads, false);
        for (int i = 0; i < count; i++) {
            if (threads[i].getName().equals(DataDumpEvent.DISPATCHER)) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether SIGQUIT reaches the handler, and if not, why. */
    public SignalOutcome outcome() {
        return outcome;
    }

    /** Removes the handler; SIGQUIT only prints the thread dump again. Idempotent. */
    @Override
    public void close() {
        if (event == null) {
            return;
        }
        try {
            event.close();
        } catch (RuntimeException unexpected) {
            // The JVM continues to post the event; the closed handler ignores it.
        }
    }
}
