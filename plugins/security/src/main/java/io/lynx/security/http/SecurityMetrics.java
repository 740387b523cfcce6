package io.lynx.security.http;

import io.lynx.metrics.Counter;
import io.lynx.metrics.Metric;
import io.lynx.metrics.MetricRegistry;
import io.lynx.metrics.ProductionMetrics;
import java.util.EnumMap;
import java.util.Map;

/** Counts what becomes of requests, by the kind of their credentials. Thread-safe. */
final class SecurityMetrics {
    /** Why a request was refused, or that it was not. */
    enum Outcome {
        ACCEPTED("accepted"),
        ANONYMOUS("anonymous"),
        MISSING("missing"),
        INVALID("invalid"),
        AMBIGUOUS("ambiguous"),
        FORBIDDEN("forbidden"),
        UNJUDGED("unjudged"),
        LIMITED("limited");

        private final String label;

        Outcome(String label) {
            this.label = label;
        }

        /** Returns whether it counts as a failure of authentication or authorization. */
        boolean isFailure() {
            return this != ACCEPTED && this != ANONYMOUS && this != UNJUDGED;
        }
    }

    /** {@code lynx_security_requests_total} */
    static final Metric REQUESTS = Metric.counter(
            "lynx_security_requests_total",
            "Requests whose caller was to be identified, by kind of credentials and outcome.",
            "scheme",
            "outcome");

    /** {@code lynx_security_cache_total} */
    static final Metric CACHE = Metric.counter(
            "lynx_security_cache_total",
            "Credentials whose earlier check was found (hit), or that were checked (miss).",
            "scheme",
            "outcome");

    /** {@code lynx_security_key_reads_total} */
    static final Metric KEY_READS =
            Metric.counter("lynx_security_key_reads_total", "Readings of the keys of an issuer.", "issuer", "outcome");

    /** {@code lynx_security_keys} */
    static final Metric KEYS =
            Metric.gauge("lynx_security_keys", "Keys of an issuer that can verify tokens.", "issuer");

    /** {@code lynx_security_keys_age_seconds} */
    static final Metric KEYS_AGE =
            Metric.gauge("lynx_security_keys_age_seconds", "Time since the keys of an issuer were read.", "issuer");

    private final ProductionMetrics metrics;
    private final Map<CredentialScheme, Map<Outcome, Counter>> counters = new EnumMap<>(CredentialScheme.class);

    SecurityMetrics(ProductionMetrics metrics) {
        this.metrics = metrics;
        for (CredentialScheme scheme : CredentialScheme.values()) {
            Map<Outcome, Counter> ofScheme = new EnumMap<>(Outcome.class);
            counters.put(scheme, ofScheme);
            for (Outcome outcome : Outcome.values()) {
                ofScheme.put(outcome, metrics.registry().counter(REQUESTS, scheme.label(), outcome.label));
            }
        }
    }

    void count(CredentialScheme scheme, Outcome outcome) {
        Map<Outcome, Counter> ofScheme = counters.get(scheme);
        Counter counter = ofScheme == null ? null : ofScheme.get(outcome);
        if (counter != null) {
            counter.increment();
        }
        if (outcome.isFailure()) {
            metrics.recordAuthFailure(scheme.label(), outcome.label);
        }
    }

    static CacheMetrics cache(MetricRegistry registry, CredentialScheme scheme) {
        return new CacheMetrics(
                registry.counter(CACHE, scheme.label(), "hit"), registry.counter(CACHE, scheme.label(), "miss"));
    }
}
