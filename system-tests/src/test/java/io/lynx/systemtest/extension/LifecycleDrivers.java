package io.lynx.systemtest.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.Application;
import io.lynx.app.ShutdownReport;
import io.lynx.app.ShutdownReport.StoppedPlugin;
import io.lynx.health.Health;
import io.lynx.health.HealthStatus;
import io.lynx.http.HttpServer;
import io.lynx.plugin.AcceptedWork;
import io.lynx.plugin.InFlight;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.PluginState;
import io.lynx.plugin.TrafficListener;
import io.lynx.time.Deadline;
import java.util.List;
import java.util.Set;

/** What is called by the start and the shutdown. Each driver has an optional plugin of its own. */
final class LifecycleDrivers {
    private LifecycleDrivers() {}

    static List<Driver> all() {
        return List.of(
                new PluginDriver("start"),
                new PluginDriver("stop"),
                new PluginDriver("health"),
                new WorkDriver("finish"),
                new WorkDriver("close"),
                new ListenerDriver("name"),
                new ListenerDriver("requests"),
                new ListenerDriver("announceStop"),
                new ListenerDriver("drain"),
                new ListenerDriver("close"));
    }

    /** Those that the start of an application calls, and that fail it or are left out. */
    static List<Driver> ofTheStart() {
        return List.of(
                new PluginDriver("descriptor"),
                new PluginDriver("companions"),
                new ListenerDriver("open"),
                new ListenerDriver("isAccepting"),
                new ListenerDriver("inFlight"),
                new ListenerDriver("urls"));
    }

    /** A plugin that starts and stops. */
    private static class QuietPlugin implements Plugin {
        private final PluginDescriptor descriptor;

        QuietPlugin(String id) {
            this.descriptor = PluginDescriptor.of(id).optional().build();
        }

        @Override
        public PluginDescriptor descriptor() {
            return descriptor;
        }

        @Override
        public void start(PluginContext context) throws Exception {}

        @Override
        public Health health() {
            return Health.up();
        }
    }

    private static final class PluginDriver extends Driver {
        PluginDriver(String method) {
            super(Plugin.class, method);
        }

        @Override
        void build(Application.Builder application, HttpServer.Builder server, HostileCode code) {
            if (method().equals("start")) {
                limitStart(application, this);
            }
            Application.Builder _ = application.plugin(hostile(Plugin.class, code, new QuietPlugin(name())));
        }

        @Override
        void provoke(Subject subject) throws Exception {
            switch (method()) {
                case "start" -> {
                    assertThat(subject.code().calls(type(), method())).isPositive();
                    subject.assertNamed(name());
                }
                case "health" -> {
                    boolean fails = subject.code().hostility() != Hostility.INTERRUPT;
                    HealthStatus expected = fails ? HealthStatus.DOWN : HealthStatus.UP;
                    subject.await("the plugin's check is " + expected, () -> subject.application()
                            .health()
                            .snapshot()
                            .check(name())
                            .filter(check -> check.status() == expected)
                            .isPresent());
                }
                default -> {}
            }
        }

        @Override
        void stopped(Subject subject) {
            if (method().equals("stop")) {
                assertStopIsReported(this, subject);
            }
        }
    }

    /** For those that may hang in the start; the others may take long on a machine that is busy with other work. */
    private static void limitStart(Application.Builder application, Driver driver) {
        Application.Builder _ = application.set("lynx.startup.plugin_timeouts." + driver.name(), "1s");
    }

    private static void assertStopIsReported(Driver driver, Subject subject) {
        assertThat(subject.code().calls(driver.type(), driver.method())).isPositive();
        ShutdownReport report = subject.application().shutdownReport().orElseThrow();
        Hostility hostility = subject.code().hostility();
        if (hostility.isThrown() || hostility == Hostility.HANG) {
            assertThat(report.plugins())
                    .filteredOn(plugin -> plugin.id().equals(driver.name()))
                    .singleElement()
                    .matches(
                            plugin -> plugin.failure() != null
                                    || plugin.state() == PluginState.ABANDONED
                                    || subject.logs().name(driver.name()),
                            "it is named in the report or in the log");
        }
        if (hostility == Hostility.HANG) {
            assertThat(report.isClean()).isFalse();
        }
        assertThat(report.plugins()).extracting(StoppedPlugin::id).contains("peer");
    }

    private static final class WorkDriver extends Driver {
        private static final class Done implements AcceptedWork {
            @Override
            public void finish(Deadline deadline) {}

            @Override
            public void close() {}
        }

        WorkDriver(String method) {
            super(AcceptedWork.class, method);
        }

        @Override
        void build(Application.Builder application, HttpServer.Builder server, HostileCode code) {
            Application.Builder _ = application.plugin(new QuietPlugin(name()) {
                @Override
                public void start(PluginContext context) {
                    AcceptedWork _ = context.own(hostile(AcceptedWork.class, code, new Done()));
                }
            });
        }

        @Override
        void stopped(Subject subject) {
            assertStopIsReported(this, subject);
        }
    }

    private static final class ListenerDriver extends Driver {
        /** The methods that only the shutdown calls. */
        private static final Set<String> OF_THE_STOP = Set.of("requests", "announceStop", "drain", "close");

        /** A listener without clients. */
        private record Silent(String name, InFlight inFlight) implements TrafficListener {
            @Override
            public void open() {}

            @Override
            public List<String> urls() {
                return List.of();
            }

            @Override
            public void announceStop() {}

            @Override
            public void drain(Deadline deadline) {}

            @Override
            public void close() {}
        }

        ListenerDriver(String method) {
            super(TrafficListener.class, method);
        }

        @Override
        void build(Application.Builder application, HttpServer.Builder server, HostileCode code) {
            if (!OF_THE_STOP.contains(method())) {
                limitStart(application, this);
            }
            Application.Builder _ = application.plugin(new QuietPlugin(name()) {
                @Override
                public void start(PluginContext context) {
                    InFlight inFlight = new InFlight();
                    if (method().equals("requests")) {
                        inFlight.begin();
                    }
                    TrafficListener good = new Silent(name(), inFlight);
                    var _ = context.traffic(hostile(TrafficListener.class, code, good));
                }
            });
        }

        @Override
        void provoke(Subject subject) throws Exception {
            if (method().equals("name")) {
                assertThat(subject.code().calls(type(), method())).isPositive();
                subject.assertNamed(name());
            }
        }

        @Override
        void stopped(Subject subject) {
            if (OF_THE_STOP.contains(method())) {
                assertStopIsReported(this, subject);
            }
        }
    }
}
