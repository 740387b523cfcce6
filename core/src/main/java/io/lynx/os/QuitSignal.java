package io.lynx.os;

import io.lynx.os.SignalOutcome.Disposition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The handler of SIGQUIT, from {@link #install} until {@link #close}. The JVM's thread dump is printed first, as ever;
 * {@code jcmd} and {@code jstack}, which send the same signal to a JVM when they first attach, go on working and do not
 * call the handler. The price is that a SIGQUIT within seconds of the first attach gives a dump only.
 *
 * <p>Works on HotSpot on Linux. Several may be installed in one JVM: each is called. Thread-safe.
 */
public final class QuitSignal implements AutoCloseable {
    private static final String DUMP_ONLY = "stays a thread dump: ";

    private static final String ATTACHING = "SIGQUIT: a thread dump only, as it came within seconds of the first attach"
            + " by jcmd or a tool like it, which sends SIGQUIT too; send it again to have it handled";

    private final SignalOutcome outcome;
    private final @Nullable DataDumpEvent event;

    private QuitSignal(SignalOutcome outcome, @Nullable DataDumpEvent event) {
        this.outcome = outcome;
        this.event = event;
    }

    /**
     * Calls {@code handler} for each SIGQUIT that reaches this process, on a thread of its own. Blocks for about a
     * tenth of a second in a cold JVM, so it is not for the start path. Unless native access is granted
     * ({@code --enable-native-access=io.lynx.core}, or {@code ALL-UNNAMED} from a class path; for an executable jar the
     * manifest's {@code Enable-Native-Access: ALL-UNNAMED}), the JVM prints its warning about that once.
     *
     * @param remark receives one line for the operator instead, on the same thread, if an attaching tool may have sent the
     *     signal
     * @param clock tells whether a tool's trace in the file system is of this moment
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

    /** A thread of the same kind as the JDK gives the handlers of other signals. */
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
            // The JVM goes on posting the event; the closed handler ignores it.
        }
    }
}
