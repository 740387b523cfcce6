package io.lynx.transport;

import io.lynx.health.Health;
import io.lynx.health.HealthCheckOptions;
import io.lynx.health.HealthCheckOptions.Criticality;
import io.lynx.plugin.PluginContext;
import java.time.Instant;

/** Shows the certificates of a listener in its health and metrics. Stateless. */
final class CertificateCheck {
    private CertificateCheck() {}

    /** Adds both to the plugin of the listener. */
    static void register(PluginContext context, String name, Listener listener) {
        context.healthCheck(
                context.id() + ".certificates",
                HealthCheckOptions.defaults().withCriticality(Criticality.DEGRADING),
                () -> listener.certificates()
                        .map(status -> health(status, context.clock().instant()))
                        .orElseGet(Health::up));
        context.metricSource("tls." + name, out -> listener.certificates()
                .ifPresent(status -> TlsMetrics.collect(name, status, out)));
    }

    /** Degraded only: another instance probably has the same files. */
    private static Health health(CertificateStatus status, Instant now) {
        Health health = Health.up();
        if (!status.problem().isEmpty()) {
            health = Health.degraded("the certificate files have changed and cannot be used: " + status.problem());
        }
        for (CertificateStatus.Used used : status.certificates()) {
            if (used.expiry().isBefore(now)) {
                health = Health.degraded("the certificate for " + used.name() + " has expired");
            }
        }
        for (CertificateStatus.Used used : status.certificates()) {
            health = health.with(used.name(), used.expiry().toString());
        }
        return health;
    }
}
