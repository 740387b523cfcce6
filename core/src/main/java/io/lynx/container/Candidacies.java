package io.lynx.container;

import io.lynx.extension.Registration;
import io.lynx.extension.UserCode;
import io.lynx.health.HealthCheckOptions;
import io.lynx.health.HealthCheckOptions.Criticality;
import io.lynx.leadership.Leadership;
import io.lynx.leadership.LeadershipConfig;
import io.lynx.leadership.LeadershipEvent;
import io.lynx.leadership.LeaseBackend;
import io.lynx.leadership.engine.Candidate;
import io.lynx.leadership.engine.CandidateSettings;
import io.lynx.metrics.Catalogue;
import io.lynx.metrics.MetricRegistry;
import io.lynx.plugin.AcceptedWork;
import io.lynx.plugin.PluginEvent;
import io.lynx.plugin.PluginStatus;
import io.lynx.time.Deadline;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The candidacies of one start of a plugin for leaderships. Thread-safe. */
final class Candidacies {
    /** The kind of thing whose names a candidacy reserves. */
    static final String KIND = "leadership";

    private static final HealthCheckOptions CHECK =
            HealthCheckOptions.defaults().withCriticality(Criticality.DEGRADING);

    private final PluginScope scope;
    private final PluginServices services;
    private final PluginServices.Settings settings;
    private final SharedResources shared;
    private final Supplier<PluginStatus> status;

    Candidacies(
            PluginScope scope,
            PluginServices services,
            PluginServices.Settings settings,
            SharedResources shared,
            Supplier<PluginStatus> status) {
        this.scope = scope;
        this.services = services;
        this.settings = settings;
        this.shared = shared;
        this.status = status;
    }

    /**
     * Begins one.
     *
     * @param preferred the plugin that keeps the lease unless the configuration names another; null if it does not matter
     * @throws IllegalArgumentException if the name is malformed
     * @throws IllegalStateException if the name is taken, or it is not clear which backend keeps the lease
     */
    Leadership begin(String name, @Nullable String preferred) {
        String what = "be a candidate for the leadership '" + name + "'";
        scope.requireOpen(what);
        if (!LeadershipConfig.isName(name)) {
            throw new IllegalArgumentException("leadership: '" + name + "' (plugin " + scope.id()
                    + ") is not a name; write lower-case letters and digits in parts joined by single dashes, at most"
                    + " 63 characters");
        }
        LeadershipConfig found = settings.find(LeadershipConfig.section(name));
        LeadershipConfig config = found == null ? LeadershipConfig.defaults() : found;
        String backend = backend(name, config.backend(), preferred);
        LeaseBackend _ = lookUp(name, backend);
        Registration reserved = scope.offer(shared.reserve(KIND, scope.id(), name), what);
        Candidate candidate = new Candidate(new CandidateSettings(
                name,
                ManagementFactory.getRuntimeMXBean().getName() + "-"
                        + UUID.randomUUID().toString().substring(0, 8),
                config,
                () -> lookUp(name, backend),
                services.ticker(),
                services.deadlines(),
                scope.threads(),
                RandomGenerator.getDefault(),
                this::on));
        MetricRegistry registry = services.metrics().registry();
        Registration measured = scope.own(
                registry.source(
                        "leadership." + name,
                        out -> out.add(Catalogue.LEADERSHIP_LEADER, candidate.isLeader() ? 1 : 0, name)),
                what);
        Registration checked = scope.show(
                services.health().register(scope.id(), "leadership." + name, CHECK, candidate::health), what);
        Registration work = scope.own(new Candidacy(candidate, services), what);
        candidate.onClose(() -> {
            checked.close();
            measured.close();
            reserved.close();
        });
        candidate.begin();
        var _ = candidate.finished().thenRun(work::close);
        return candidate;
    }

    /** Returns the plugin that keeps the lease. */
    private String backend(String name, @Nullable String configured, @Nullable String preferred) {
        Set<String> installed = shared.leaseBackends();
        String chosen = configured == null ? preferred : configured;
        if (chosen != null) {
            if (!installed.contains(chosen)) {
                String where = configured == null
                        ? "leadership '" + name + "'"
                        : LeadershipConfig.PREFIX + "." + name + ".backend";
                throw new IllegalStateException(where + ": '" + chosen + "' is not a plugin that keeps leases; "
                        + (installed.isEmpty() ? "there is none" : "allowed are " + String.join(", ", installed)));
            }
            return chosen;
        }
        if (installed.isEmpty()) {
            throw new IllegalStateException("leadership '" + name + "': requested by plugin '" + scope.id()
                    + "' but no plugin keeps leases; add lynx-jdbc or lynx-redis and its section, and let the"
                    + " descriptor require '" + LeaseBackend.CAPABILITY + "'");
        }
        if (installed.size() > 1) {
            throw new IllegalStateException(LeadershipConfig.PREFIX + "." + name
                    + ".backend: is not set, and several plugins keep leases; set it to one of "
                    + String.join(", ", installed));
        }
        return installed.iterator().next();
    }

    private LeaseBackend lookUp(String name, String backend) {
        LeaseBackend found = shared.find(LeaseBackend.key(backend), scope.id());
        if (found == null) {
            throw new IllegalStateException("leadership '" + name + "': plugin '" + backend
                    + "', which keeps the lease, is not running; let the descriptor of plugin '" + scope.id()
                    + "' require '" + backend + "'");
        }
        return found;
    }

    /** Counts and publishes what happened. */
    private void on(LeadershipEvent event) {
        MetricRegistry registry = services.metrics().registry();
        String name = event.leadership();
        switch (event) {
            case LeadershipEvent.Gained _ ->
                registry.counter(Catalogue.LEADERSHIP_TERMS, name).increment();
            case LeadershipEvent.Ended ended ->
                registry.counter(
                                Catalogue.LEADERSHIP_ENDED,
                                name,
                                ended.cause().name().toLowerCase(Locale.ROOT))
                        .increment();
            case LeadershipEvent.CallFailed failed -> countFailure(name, failed.operation());
            case LeadershipEvent.ActionFailed failed -> countFailure(name, failed.action());
            case LeadershipEvent.ActionOverdue overdue -> countFailure(name, overdue.action());
            case LeadershipEvent.Reconnected _ -> {}
        }
        services.notifier().publish(new PluginEvent.LeadershipChanged(status.get(), event));
    }

    private void countFailure(String leadership, String operation) {
        services.metrics()
                .registry()
                .counter(Catalogue.LEADERSHIP_FAILURES, leadership, operation)
                .increment();
    }

    /** Ends a candidacy before its plugin stops. */
    private static final class Candidacy implements AcceptedWork {
        /** For a plugin whose start has failed. */
        private static final Duration SHORT = Duration.ofSeconds(1);

        private final Candidate candidate;
        private final PluginServices services;

        Candidacy(Candidate candidate, PluginServices services) {
            this.candidate = candidate;
            this.services = services;
        }

        @Override
        public void finish(Deadline deadline) throws InterruptedException {
            candidate.finish(deadline);
        }

        @Override
        public void close() {
            boolean interrupted = Thread.interrupted();
            boolean _ = UserCode.run(() -> candidate.finish(Deadline.after(SHORT, services.ticker())), _ -> {});
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
