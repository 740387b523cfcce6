package io.lynx.admin;

import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.CircuitBreakerSnapshot;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.resilience.WindowConfig;
import java.time.Duration;

/** Renders circuit breakers as JSON documents. */
final class BreakerDocuments {
    private BreakerDocuments() {}

    static byte[] all(CircuitBreakers breakers, CircuitBreakers ofRecoveries) {
        JsonWriter json = new JsonWriter()
                .object()
                .member("evictions", breakers.evictions() + ofRecoveries.evictions())
                .member("overflows", breakers.overflows() + ofRecoveries.overflows())
                .array("breakers");
        NamedBreaker.all(breakers, ofRecoveries).forEach(breaker -> write(json, breaker));
        return json.endArray().endObject().bytes();
    }

    static byte[] one(NamedBreaker breaker) {
        JsonWriter json = new JsonWriter();
        write(json, breaker);
        return json.bytes();
    }

    private static void write(JsonWriter json, NamedBreaker named) {
        CircuitBreakerSnapshot now = named.breaker().snapshot();
        CircuitBreakerConfig config = named.breaker().config();
        WindowConfig window = config.window().orElse(null);
        json.object()
                .member("name", named.name())
                .member("state", now.state().label())
                .member("state_code", now.state().code())
                .member("mode", now.mode().label())
                .member(
                        "retry_after_ms",
                        now.retryAfter().map(Duration::toMillis).orElse(null))
                .member("successes", now.successes())
                .member("failures", now.failures())
                .member("rejections", now.rejected())
                .member("timeout_ms", config.timeout().toMillis());
        if (window == null) {
            json.member("threshold", config.threshold())
                    .member("consecutive_failures", now.failed())
                    .member("window", null);
        } else {
            json.member("threshold", null).member("consecutive_failures", null);
            write(json, window, now);
        }
        json.object("half_open")
                .member("limit", config.halfOpenLimit())
                .member("in_flight", now.probesInFlight())
                .member("succeeded", now.probesSucceeded())
                .endObject()
                .endObject();
    }

    private static void write(JsonWriter json, WindowConfig window, CircuitBreakerSnapshot now) {
        json.object("window");
        switch (window) {
            case WindowConfig.Count count -> json.member("type", "count").member("size", count.size());
            case WindowConfig.Time time ->
                json.member("type", "time").member("size_ms", time.size().toMillis());
        }
        WindowConfig.Limits limits = window.limits();
        json.member("minimum_calls", limits.minimumCalls())
                .member("failure_rate", limits.failureRate())
                .member(
                        "slow_call_duration_ms",
                        limits.slowCallDuration().map(Duration::toMillis).orElse(null))
                .member("slow_call_rate", limits.slowCallRate())
                .member("calls", now.calls())
                .member("failed", now.failed())
                .member("slow", now.slow())
                .endObject();
    }
}
