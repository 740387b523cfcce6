package io.lynx.systemtest.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.Application;
import io.lynx.extension.Registration;
import io.lynx.http.HttpServer;
import io.lynx.leadership.Leadership;
import io.lynx.leadership.LeadershipAction;
import io.lynx.leadership.Lease;
import io.lynx.leadership.LeaseAnswer;
import io.lynx.leadership.LeaseBackend;
import io.lynx.plugin.PluginContext;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What keeps leases, and what an instance does when it becomes the leader. */
final class LeadershipDrivers {
    private LeadershipDrivers() {}

    static List<Driver> all() {
        return List.of(
                new ActionDriver(),
                new BackendDriver("acquire"),
                new BackendDriver("renew"),
                new BackendDriver("release"));
    }

    /** Grants every lease. */
    private static final class Generous implements LeaseBackend {
        @Override
        public LeaseAnswer acquire(String leadership, String holder, Duration duration) {
            return new LeaseAnswer.Granted(new Lease(leadership, holder, 1));
        }

        @Override
        public boolean renew(Lease lease, Duration duration) {
            return true;
        }

        @Override
        public void release(Lease lease) {}
    }

    private abstract static class LeaseDriver extends Driver {
        private volatile @Nullable Leadership leadership;

        LeaseDriver(Class<?> type, String method) {
            super(type, method);
        }

        @Override
        void build(Application.Builder application, HttpServer.Builder server, HostileCode code) {
            Application.Builder _ = application
                    .set("lynx.leadership." + name() + ".backend", name())
                    .set("lynx.leadership." + name() + ".lease", "1s")
                    .set("lynx.leadership." + name() + ".action_timeout", "300ms");
        }

        /** Becomes a candidate with a backend of its own. */
        final Leadership candidate(PluginContext context, LeaseBackend backend) {
            Registration _ = context.share(LeaseBackend.key(name()), backend);
            Leadership begun = context.leadership(name());
            leadership = begun;
            return begun;
        }

        final boolean isLeader() {
            Leadership begun = leadership;
            return begun != null && begun.isLeader();
        }
    }

    private static final class ActionDriver extends LeaseDriver {
        ActionDriver() {
            super(LeadershipAction.class, "run");
        }

        @Override
        void start(PluginContext context, HostileCode code) {
            Leadership _ = candidate(context, new Generous()).onGained(hostile(LeadershipAction.class, code, _ -> {}));
        }

        @Override
        void provoke(Subject subject) throws Exception {
            Hostility hostility = subject.code().hostility();
            if (hostility.isThrown() || hostility == Hostility.HANG) {
                subject.await("it is a candidate again", () -> subject.code().calls(type(), method()) > 1);
                subject.assertNamed(name());
            } else {
                subject.await("it is the leader", this::isLeader);
            }
        }
    }

    private static final class BackendDriver extends LeaseDriver {
        BackendDriver(String method) {
            super(LeaseBackend.class, method);
        }

        @Override
        void start(PluginContext context, HostileCode code) {
            Leadership _ = candidate(context, hostile(LeaseBackend.class, code, new Generous()));
        }

        @Override
        void provoke(Subject subject) throws Exception {
            if (method().equals("release")) {
                subject.await("it is the leader", this::isLeader);
                return;
            }
            Hostility hostility = subject.code().hostility();
            boolean isAnswered =
                    hostility == Hostility.INTERRUPT || (hostility == Hostility.NULL && method().equals("renew"));
            if (isAnswered) {
                subject.await("it is the leader", this::isLeader);
            } else {
                subject.await("it is called again", () -> subject.code().calls(type(), method()) > 2);
                subject.assertNamed(name());
            }
        }

        @Override
        void stopped(Subject subject) {
            assertThat(isLeader()).isFalse();
        }
    }
}
