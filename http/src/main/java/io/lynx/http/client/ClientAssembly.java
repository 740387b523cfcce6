package io.lynx.http.client;

import io.lynx.extension.Registration;
import io.lynx.http.client.engine.CallPolicies;
import io.lynx.http.client.engine.CallRules;
import io.lynx.http.client.engine.ClientEngine;
import io.lynx.http.client.engine.ClientHost;
import io.lynx.http.client.engine.ClientParts;
import io.lynx.http.client.engine.Hedge;
import io.lynx.http.client.engine.balance.ClientRuntime;
import io.lynx.http.client.engine.telemetry.CallMetrics;
import io.lynx.metrics.MetricRegistry;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.Retry;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Puts a client together from its configuration and the parts of an application. Stateless. */
final class ClientAssembly {
    private ClientAssembly() {}

    static HttpClient build(HttpClientBuilder builder, ClientHost host) {
        ClientConfig config = builder.config();
        ClientParts parts = new ClientParts(builder.name, config, host);
        URI url = parts.url();
        List<AutoCloseable> closed = new ArrayList<>();
        Retry retry = parts.retry(CallPolicies::isRetryable);
        MetricRegistry metrics = host.metrics();
        CallMetrics measured = new CallMetrics(builder.name, "http", metrics);
        ClientEngine made = new ClientEngine(
                parts.limits(),
                new CallRules(config.timeout(), config.attemptTimeout(), config.maxRedirects(), config.compression()),
                parts.target(builder.discovery),
                policies(parts, retry, builder.breaker),
                measured,
                host.runtime(),
                parts.connector(Optional.empty()));
        if (metrics != null) {
            closed.add(metrics.source("http-client", out -> measured.collect(made.counts(), out)));
            if (retry != null) {
                Registration retries = metrics.source("http-client-retries", retry);
                closed.add(retries);
            }
        }
        closed.addAll(host.owned());
        return new HttpClient(
                builder.name,
                pathPrefix(url),
                headers(config),
                config.propagation(),
                builder.json == null ? host.json() : builder.json,
                made,
                List.copyOf(closed));
    }

    private static Map<String, String> headers(ClientConfig config) {
        Map<String, String> headers = new LinkedHashMap<>();
        config.headers().forEach((key, value) -> headers.put(key.toLowerCase(Locale.ROOT), value));
        if (config.compression()) {
            headers.putIfAbsent("accept-encoding", "gzip, deflate");
        }
        return headers;
    }

    private static String pathPrefix(URI url) {
        String path = url.getRawPath() == null ? "" : url.getRawPath();
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private static CallPolicies policies(
            ClientParts parts, @Nullable Retry retry, Consumer<CircuitBreakerConfig.Builder> breaker) {
        ClientRuntime runtime = parts.host().runtime();
        Hedge hedge = parts.config()
                .policies()
                .hedgeAfter()
                .map(after -> new Hedge(after, runtime.ticker(), runtime.scheduler(), runtime.threads()))
                .orElse(null);
        return new CallPolicies(
                retry, parts.breaker(breaker), parts.rateLimiter(), parts.bulkhead(), hedge, runtime.clock());
    }
}
