package io.lynx.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class ServiceNotifierTest {
    @TempDir
    Path directory;

    private final List<String> complaints = new ArrayList<>();

    @Test
    @EnabledOnOs(OS.LINUX)
    void sendsEachMessageToASocketInTheFileSystem() throws Exception {
        String path = directory.resolve("notify").toString();
        try (DatagramReceiver manager = new DatagramReceiver(path)) {
            ServiceNotifier notifier = notifier(Map.of("NOTIFY_SOCKET", path));

            notifier.ready();
            notifier.watchdog();
            notifier.stopping();

            assertThat(notifier.isActive()).isTrue();
            assertThat(manager.receive()).isEqualTo("READY=1");
            assertThat(manager.receive()).isEqualTo("WATCHDOG=1");
            assertThat(manager.receive()).isEqualTo("STOPPING=1");
            assertThat(complaints).isEmpty();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void sendsToAnAbstractSocket() throws Exception {
        String name = "@lynx-test-" + ProcessHandle.current().pid();
        try (DatagramReceiver manager = new DatagramReceiver(name)) {
            notifier(Map.of("NOTIFY_SOCKET", name)).ready();

            assertThat(manager.receive()).isEqualTo("READY=1");
            assertThat(complaints).isEmpty();
        }
    }

    @Test
    void doesNothingWithoutAManager() {
        ServiceNotifier notifier = notifier(Map.of());

        notifier.ready();
        notifier.stopping();

        assertThat(notifier.isActive()).isFalse();
        assertThat(notifier.watchdogTimeout()).isEmpty();
        assertThat(complaints).isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void reportsOnceThatNoManagerListens() {
        String path = directory.resolve("nobody").toString();
        ServiceNotifier notifier = notifier(Map.of("NOTIFY_SOCKET", path));

        notifier.ready();
        notifier.watchdog();

        assertThat(complaints)
                .containsExactly("NOTIFY_SOCKET: '" + path
                        + "' (environment) was not told READY=1: sendto: No such file or directory");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void waitsABoundedTimeForAManagerThatDoesNotRead() throws Exception {
        String path = directory.resolve("notify").toString();
        try (DatagramReceiver manager = new DatagramReceiver(path)) {
            ServiceNotifier notifier = notifier(Map.of("NOTIFY_SOCKET", path));

            for (int i = 0; complaints.isEmpty() && i < 10_000; i++) {
                notifier.watchdog();
            }

            assertThat(complaints)
                    .containsExactly("NOTIFY_SOCKET: '" + path
                            + "' (environment) was not told WATCHDOG=1: sendto: Resource temporarily unavailable");
            assertThat(manager.receive()).isEqualTo("WATCHDOG=1");
        }
    }

    @Test
    void refusesAnInvalidSocketName() {
        ServiceNotifier relative = notifier(Map.of("NOTIFY_SOCKET", "run/notify"));
        ServiceNotifier tooLong = notifier(Map.of("NOTIFY_SOCKET", "/" + "x".repeat(107)));

        relative.ready();
        tooLong.ready();

        assertThat(relative.isActive()).isFalse();
        assertThat(tooLong.isActive()).isFalse();
        assertThat(complaints)
                .hasSize(2)
                .first()
                .isEqualTo(
                        "NOTIFY_SOCKET: 'run/notify' (environment); allowed are an absolute path and an abstract name"
                                + " after '@', of at most 107 bytes. The service manager is not notified");
    }

    @Test
    void readsTheWatchdogOfThisProcessOnly() {
        Map<String, String> own = Map.of("NOTIFY_SOCKET", "/n", "WATCHDOG_USEC", "1500000", "WATCHDOG_PID", "42");
        Map<String, String> others = Map.of("NOTIFY_SOCKET", "/n", "WATCHDOG_USEC", "1500000", "WATCHDOG_PID", "43");
        Map<String, String> anybodys = Map.of("NOTIFY_SOCKET", "/n", "WATCHDOG_USEC", "20");

        assertThat(notifier(own).watchdogTimeout()).contains(Duration.ofMillis(1500));
        assertThat(notifier(others).watchdogTimeout()).isEmpty();
        assertThat(notifier(anybodys).watchdogTimeout()).contains(Duration.ofNanos(20_000));
        assertThat(complaints).isEmpty();
    }

    @Test
    void refusesAnInvalidWatchdogTime() {
        for (String value : new String[] {"soon", "0", "-5"}) {
            assertThat(notifier(Map.of("NOTIFY_SOCKET", "/n", "WATCHDOG_USEC", value))
                            .watchdogTimeout())
                    .isEmpty();
        }

        assertThat(complaints)
                .hasSize(3)
                .first()
                .isEqualTo("WATCHDOG_USEC: 'soon' (environment); allowed is a number of microseconds above 0. The"
                        + " watchdog is not served");
    }

    private ServiceNotifier notifier(Map<String, String> environment) {
        return ServiceNotifier.of(environment, 42, complaints::add);
    }
}
