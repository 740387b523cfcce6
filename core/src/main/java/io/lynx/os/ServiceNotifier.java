package io.lynx.os;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Notifies the service manager of the state of the service. It uses systemd's protocol (sd_notify(3)): one datagram per
 * message to the Unix socket that {@code NOTIFY_SOCKET} names. Without that variable it does nothing and uses no native
 * code.
 *
 * <p>Each message is sent on the calling thread, which waits at most half a second if the manager does not read. A
 * failure is reported once, and again only if it changes. Thread-safe.
 */
public final class ServiceNotifier {
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final byte @Nullable [] address;
    private final @Nullable Duration watchdog;
    private final Consumer<String> complaints;
    private volatile String lastComplaint = "";

    private ServiceNotifier(byte @Nullable [] address, @Nullable Duration watchdog, Consumer<String> complaints) {
        this.address = address;
        this.watchdog = watchdog;
        this.complaints = complaints;
    }

    /**
     * Returns the notifier of the service manager that started this process.
     *
     * @param environment the environment of the process: {@code NOTIFY_SOCKET}, {@code WATCHDOG_USEC} and {@code WATCHDOG_PID} are read
     * @param complaints receives one line when the manager cannot be notified, on the thread that tried
     */
    public static ServiceNotifier of(Map<String, String> environment, Consumer<String> complaints) {
        boolean isManaged = !environment.getOrDefault("NOTIFY_SOCKET", "").isEmpty();
        return of(environment, isManaged ? ProcessHandle.current().pid() : 0, complaints);
    }

    static ServiceNotifier of(Map<String, String> environment, long pid, Consumer<String> complaints) {
        String socket = environment.getOrDefault("NOTIFY_SOCKET", "");
        if (socket.isEmpty()) {
            return new ServiceNotifier(null, null, complaints);
        }
        byte[] address = socket.getBytes(StandardCharsets.UTF_8);
        if ((address[0] != '/' && address[0] != '@') || address.length > UnixDatagram.MAX_NAME_BYTES) {
            complaints.accept("NOTIFY_SOCKET: '" + socket
                    + "' (environment); allowed are an absolute path and an abstract" + " name after '@', of at most "
                    + UnixDatagram.MAX_NAME_BYTES + " bytes. The service manager is not notified");
            return new ServiceNotifier(null, null, complaints);
        }
        return new ServiceNotifier(address, watchdog(environment, pid, complaints), complaints);
    }

    private static @Nullable Duration watchdog(Map<String, String> environment, long pid, Consumer<String> complaints) {
        String micros = environment.getOrDefault("WATCHDOG_USEC", "");
        String watched = environment.getOrDefault("WATCHDOG_PID", "");
        if (micros.isEmpty() || !(watched.isEmpty() || watched.equals(Long.toString(pid)))) {
            return null;
        }
        try {
            long value = Long.parseLong(micros);
            if (value > 0) {
                return Duration.ofSeconds(value / 1_000_000, value % 1_000_000 * 1000);
            }
        } catch (NumberFormatException notANumber) {
            // Reported below.
        }
        complaints.accept("WATCHDOG_USEC: '" + micros + "' (environment); allowed is a number of microseconds above 0."
                + " The watchdog is not served");
        return null;
    }

    /** Returns whether there is a service manager. */
    boolean isActive() {
        return address != null;
    }

    /**
     * Returns the time within which the manager expects each {@link #watchdog()} message; empty if it does not watch this
     * process. Send one at half of it.
     */
    public Optional<Duration> watchdogTimeout() {
        return Optional.ofNullable(watchdog);
    }

    /** Sends that the service has started: {@code READY=1}. */
    public void ready() {
        send("READY=1");
    }

    /** Sends that the service shuts down: {@code STOPPING=1}. */
    public void stopping() {
        send("STOPPING=1");
    }

    /** Sends that the service is alive: {@code WATCHDOG=1}. */
    public void watchdog() {
        send("WATCHDOG=1");
    }

    private void send(String message) {
        if (address == null) {
            return;
        }
        try {
            UnixDatagram.send(address, message.getBytes(StandardCharsets.UTF_8), PATIENCE);
        } catch (IllegalCallerException denied) {
            complain(message, "native access is denied; --enable-native-access grants it");
        } catch (IOException e) {
            complain(message, String.valueOf(e.getMessage()));
        } catch (RuntimeException | LinkageError e) {
            complain(message, e.toString());
        }
    }

    private void complain(String message, String why) {
        if (!why.equals(lastComplaint)) {
            lastComplaint = why;
            String to = new String(address == null ? new byte[0] : address, StandardCharsets.UTF_8);
            complaints.accept(String.format(
                    Locale.ROOT, "NOTIFY_SOCKET: '%s' (environment) was not told %s: %s", to, message, why));
        }
    }
}
