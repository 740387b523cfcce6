package io.lynx.systemtest.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.systemtest.process.Signal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code ./build run fleet} does about signals and failures, with fake services behind a real HAProxy. */
@Timeout(300)
final class FleetCommandTest {
    private static final String NONE = "";

    @TempDir
    private Path folder;

    private FakeJdk jdk;

    @BeforeEach
    void installs() throws IOException {
        jdk = FakeJdk.in(folder.resolve("jdk"));
    }

    @AfterEach
    void closes() {
        jdk.close();
    }

    private FleetCommand fleet(String broken, String stubborn, String... options) throws Exception {
        return FleetCommand.start(jdk.home(), folder, jdk.variables(broken, stubborn), options);
    }

    private static void assertEnded(FleetCommand fleet, List<ProcessHandle> children, int code) throws Exception {
        ServiceProcess process = fleet.process();
        assertThat(process.awaitExit().code()).as(process.output().text()).isEqualTo(code);
        assertThat(children).noneMatch(ProcessHandle::isAlive);
    }

    @ParameterizedTest
    @EnumSource(names = {"INT", "TERM", "HUP"})
    void oneSignalEndsAll(Signal signal) throws Exception {
        try (FleetCommand fleet = fleet(NONE, NONE)) {
            String _ = fleet.awaitReady();
            List<ProcessHandle> children = fleet.children();
            assertThat(children).hasSizeGreaterThanOrEqualTo(5);

            if (signal == Signal.INT) {
                fleet.process().signalGroup(signal);
            } else {
                long _ = fleet.process().signal(signal);
            }

            assertEnded(fleet, children, signal.exitCode());
            assertThat(fleet.process().output().text())
                    .contains("orders-1   exit code 143  Stopped orders-1", "orders-2   exit code 143")
                    .contains("inventory  exit code 143", "haproxy    exit code", "database   exit code 143");
        }
    }

    @Test
    void endsWhatHasBeenStartedIfItIsInterruptedEarly() throws Exception {
        try (FleetCommand fleet = fleet(NONE, NONE)) {
            var _ = fleet.process().awaitLine("inventory  http://");
            List<ProcessHandle> children = fleet.children();

            fleet.process().signalGroup(Signal.INT);

            assertEnded(fleet, children, Signal.INT.exitCode());
        }
    }

    @Test
    void aSecondSignalKillsWhatDoesNotEnd() throws Exception {
        try (FleetCommand fleet = fleet(NONE, "inventory")) {
            String _ = fleet.awaitReady();
            List<ProcessHandle> children = fleet.children();

            fleet.process().signalGroup(Signal.INT);
            var _ = fleet.process().awaitLine("orders-2   exit code 143");
            assertThat(ProcessHandle.of(fleet.pid("inventory"))).isPresent();
            fleet.process().signalGroup(Signal.INT);

            assertEnded(fleet, children, Signal.INT.exitCode());
            assertThat(fleet.process().output().text()).contains("inventory  exit code 137");
        }
    }

    @Test
    void endsAServiceThatIsSuspended() throws Exception {
        try (FleetCommand fleet = fleet(NONE, NONE)) {
            String _ = fleet.awaitReady();
            List<ProcessHandle> children = fleet.children();
            fleet.signal("inventory", Signal.STOP);

            fleet.process().signalGroup(Signal.INT);

            assertEnded(fleet, children, Signal.INT.exitCode());
            assertThat(fleet.process().output().text()).contains("inventory  exit code 143");
        }
    }

    @Test
    void reportsAnInstanceThatDiesAndKeepsTheOthers() throws Exception {
        try (FleetCommand fleet = fleet(NONE, NONE)) {
            String _ = fleet.awaitReady();
            List<ProcessHandle> children = fleet.children();

            fleet.signal("orders-1", Signal.KILL);

            var _ = fleet.process().awaitLine("orders-1   has ended with exit code 137, the others go on");
            var _ = fleet.process().awaitLine("    orders-1 ready");
            assertThat(ProcessHandle.of(fleet.pid("orders-2"))).isPresent();
            long _ = fleet.process().signal(Signal.TERM);
            assertEnded(fleet, children, Signal.TERM.exitCode());
            assertThat(fleet.process().output().text()).doesNotContain("orders-1   exit code", " Killed ");
        }
    }

    @Test
    void namesTheInstanceThatDoesNotStartAndEndsTheOthers() throws Exception {
        try (FleetCommand fleet = fleet("orders-2", NONE)) {
            var _ = fleet.process().awaitLine("orders-1   http://");
            List<ProcessHandle> children = fleet.children();

            assertEnded(fleet, children, 78);
            assertThat(fleet.process().output().text())
                    .contains("orders-2 has ended with exit code 78 before it was ready; the end of ")
                    .contains("    orders-2 cannot be started", "        at some.place")
                    .contains("orders-1   exit code 143", "inventory  exit code 143", "database   exit code 143");
        }
    }

    @Test
    void endsIfNothingIsLeft() throws Exception {
        try (FleetCommand fleet = fleet(NONE, NONE)) {
            String _ = fleet.awaitReady();
            List<ProcessHandle> children = fleet.children();

            children.forEach(ProcessHandle::destroyForcibly);

            assertEnded(fleet, children, 1);
            assertThat(fleet.process().output().text()).contains("no process of the fleet is left");
        }
    }

    @Test
    void namesAPortThatIsInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                FleetCommand fleet = fleet(NONE, NONE, "--port", Integer.toString(taken.getLocalPort()))) {
            assertEnded(fleet, List.of(), 2);

            assertThat(fleet.process().output().text())
                    .isEqualTo("build: run: fleet: port " + taken.getLocalPort()
                            + " is in use; choose another for HAProxy: --port PORT, 0 for a free one");
        }
    }

    @Test
    void saysWhatIsMissingWithoutHaproxy() throws Exception {
        Map<String, String> variables = new HashMap<>(jdk.variables(NONE, NONE));
        variables.put("PATH", pathWithoutHaproxy().toString());
        variables.put("FLEET_PROGRAMS", "");
        try (FleetCommand fleet = FleetCommand.start(jdk.home(), folder, variables)) {
            assertEnded(fleet, List.of(), 2);

            assertThat(fleet.process().output().text())
                    .isEqualTo("build: run: fleet: haproxy not found; install it"
                            + " (on Debian: sudo apt-get install haproxy)");
        }
    }

    /** Returns a folder with the programs of the system besides HAProxy, for a user who cannot install any. */
    private Path pathWithoutHaproxy() throws IOException {
        Path programs = Files.createDirectory(folder.resolve("programs"));
        try (Stream<Path> all = Files.list(Path.of("/usr/bin"))) {
            for (Path program : all.toList()) {
                String name = program.getFileName().toString();
                if (!name.equals("haproxy") && !name.equals("apt-get")) {
                    Path _ = Files.createSymbolicLink(programs.resolve(name), program);
                }
            }
        }
        return programs;
    }

    @Test
    void refusesWrongOptions() throws Exception {
        try (FleetCommand fleet = fleet(NONE, NONE, "--port", "lamp")) {
            assertEnded(fleet, List.of(), 2);
            assertThat(fleet.process().output().text()).contains("--port: 'lamp' is not a port; 0 to 65535");
        }
        try (FleetCommand fleet = fleet(NONE, NONE, "--instances", "3")) {
            assertEnded(fleet, List.of(), 2);
            assertThat(fleet.process().output().text()).contains("'--instances' is not an option; there are: --port");
        }
    }

    @Test
    void refusesTheLogsOfAnotherFleet() throws Exception {
        try (FleetCommand first = fleet(NONE, NONE)) {
            String _ = first.awaitReady();

            try (FleetCommand second = fleet(NONE, NONE)) {
                assertEnded(second, List.of(), 2);
                assertThat(second.process().output().text()).contains("another fleet writes its logs to ");
            }

            assertThat(first.process().isAlive()).isTrue();
        }
    }
}
