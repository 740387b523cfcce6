package io.lynx.http.client;

import io.lynx.app.ApplicationView;
import io.lynx.context.Tracing;
import io.lynx.extension.Registration;
import io.lynx.http.client.engine.CallPolicies;
import io.lynx.http.client.engine.CallRules;
import io.lynx.http.client.engine.ClientEngine;
import io.lynx.http.client.engine.Hedge;
import io.lynx.http.client.engine.balance.ClientRuntime;
import io.lynx.http.client.engine.pool.ClientLimits;
import io.lynx.http.client.engine.telemetry.CallMetrics;
import io.lynx.http.client.engine.telemetry.ClientTarget;
import io.lynx.json.JsonCodec;
import io.lynx.metrics.MetricRegistry;
import io.lynx.plugin.PluginContext;
import io.lynx.resilience.Bulkhead;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.resilience.RateLimiter;
import io.lynx.resilience.Retry;
import io.lynx.resilience.RetryBudget;
import io.lynx.time.SystemScheduler;
import io.lynx.time.Ticker;
import io.lynx.transport.ClientTls;
import io.lynx.transport.Connector;
import io.lynx.transport.ConnectorSpec;
import io.lynx.transport.Engine;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts a client together from its configuration and the parts of an application. Immutable and thread-safe.
 *
 * @param metrics null to measure nothing
 * @param owned what is closed with the client
 */
record ClientAssembly(
        Engine engine,
        ClientRuntime runtime,
        JsonCodec json,
        CircuitBreakers breakers,
        @Nullable MetricRegistry metrics,
        List<AutoCloseable> owned) {
    /** Returns the parts of the application that {@code context} belongs to. */
    static ClientAssembly of(PluginContext context) {
        ClientRuntime runtime = new ClientRuntime(
                context.ticker(),
                context.clock(),
                context.findResource(ApplicationView.DEADLINES).orElseGet(context::scheduler),
                context.threads(),
                context.findResource(Tracing.KEY).orElse(null));
        return new ClientAssembly(
                Engine.of(context),
                runtime,
                context.json(),
                context.breakers(),
                context.metrics().registry(),
                List.of());
    }

    /** Returns parts of their own. */
    static ClientAssembly standalone() {
        SystemScheduler scheduler = new SystemScheduler("lynx-client-timer", Runnable::run);
        ClientRuntime runtime = new ClientRuntime(
                Ticker.system(),
                InstantSource.system(),
                scheduler,
                Thread.ofVirtual().name("lynx-client-", 1).factory(),
                null);
        return new ClientAssembly(
                Engine.create(),
                runtime,
                JsonCodec.installed(),
                CircuitBreakers.of(CircuitBreakerConfig.defaults()),
                null,
                List.of(scheduler));
    }

    HttpClient build(HttpClientBuilder builder) {
        ClientConfig config = builder.config();
        String section = "lynx.clients." + builder.name;
        URI url = config.url()
                .orElseThrow(() -> new IllegalArgumentException(
                        section + ".url: missing; where the service is, such as http://inventory:8080"));
        List<AutoCloseable> closed = new ArrayList<>();
        ClientLimits limits = limits(builder.name, section, config);
        Retry retry = retry(builder.name, config.policies());
        CallMetrics measured = new CallMetrics(builder.name, metrics);
        ClientEngine made = new ClientEngine(
                limits,
                new CallRules(config.timeout(), config.attemptTimeout(), config.maxRedirects(), config.compression()),
                target(url, config, builder.discovery),
                policies(builder.name, config.policies(), retry),
                measured,
                runtime,
                connector(builder.name, section, url, config));
        if (metrics != null) {
            closed.add(metrics.source("http-client", out -> measured.collect(made.counts(), out)));
            if (retry != null) {
                Registration retries = metrics.source("http-client-retries", retry);
                closed.add(retries);
            }
        }
        closed.addAll(owned);
        return new HttpClient(
                builder.name,
                pathPrefix(url),
                headers(config),
                config.propagation(),
                builder.json == null ? json : builder.json,
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

    private static ClientLimits limits(String name, String section, ClientConfig config) {
        return new ClientLimits(
                name,
                section,
                config.connectTimeout(),
                config.readTimeout(),
                config.maxConnections(),
                mayMultiplex(config),
                config.maxWait(),
                config.maxWaiting(),
                config.idleTimeout(),
                config.maxBodySize().bytes());
    }

    /** Where HTTP/2 is neither negotiated nor known, calls need not wait until a first connection tells. */
    private static boolean mayMultiplex(ClientConfig config) {
        return switch (config.http2()) {
            case OFF -> false;
            case NEGOTIATED -> config.url().orElseThrow().getScheme().equals("https");
            case ALWAYS -> true;
        };
    }

    private static ClientTarget target(URI url, ClientConfig config, @Nullable ServiceDiscovery given) {
        boolean isTls = url.getScheme().equals("https");
        int port = url.getPort() >= 0 ? url.getPort() : isTls ? 443 : 80;
        String host = url.getHost().startsWith("[")
                ? url.getHost().substring(1, url.getHost().length() - 1)
                : url.getHost();
        List<ServiceAddress> listed = config.addresses().isEmpty()
                ? List.of(new ServiceAddress(host, port, ""))
                : config.addresses().stream().map(ServiceAddress::parse).toList();
        return new ClientTarget(
                url.getScheme(),
                url.getPort() >= 0 ? url.getHost() + ":" + port : url.getHost(),
                host,
                config.zone(),
                given != null
                        ? given
                        : config.srv().map(ServiceDiscovery::srv).orElseGet(() -> ServiceDiscovery.of(listed)),
                config.dnsRefresh());
    }

    private Connector connector(String name, String section, URI url, ClientConfig config) {
        ClientConfig.Tls files = config.tls();
        Optional<ClientTls> tls = url.getScheme().equals("https")
                ? Optional.of(new ClientTls(files.authorities(), files.certificate(), files.key()))
                : Optional.empty();
        return engine.connector(new ConnectorSpec(
                name,
                section,
                tls,
                switch (config.http2()) {
                    case OFF -> ConnectorSpec.Version.HTTP_1_1;
                    case NEGOTIATED -> ConnectorSpec.Version.NEGOTIATED;
                    case ALWAYS -> ConnectorSpec.Version.HTTP_2;
                },
                Math.toIntExact(config.maxHeaderSize().bytes()),
                Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
                runtime.ticker()));
    }

    private @Nullable Retry retry(String name, PolicyConfig config) {
        return config.retryAttempts() == 1
                ? null
                : Retry.builder()
                        .name("client." + name)
                        .maxAttempts(config.retryAttempts())
                        .initialDelay(config.retryDelay())
                        .maxDelay(config.retryMaxDelay())
                        .retryWhen(CallPolicies::isRetryable)
                        .budget(RetryBudget.standard(runtime.ticker()))
                        .sleeper(runtime::sleep)
                        .build();
    }

    private CallPolicies policies(String name, PolicyConfig config, @Nullable Retry retry) {
        String policy = "client." + name;
        Supplier<CircuitBreaker> breaker =
                config.circuitBreaker() ? () -> breakers.get(policy, CallPolicies.BREAKER) : null;
        RateLimiter rate = config.rateLimit().isEmpty()
                ? null
                : RateLimiter.builder(policy, config.rateLimit().get(), config.ratePeriod())
                        .maxWait(config.rateWait())
                        .ticker(runtime.ticker())
                        .build();
        Bulkhead bulkhead = config.maxCalls().isEmpty()
                ? null
                : Bulkhead.of(policy, config.maxCalls().get(), config.maxCallsWait());
        Hedge hedge = config.hedgeAfter().isEmpty()
                ? null
                : new Hedge(config.hedgeAfter().get(), runtime.ticker(), runtime.scheduler(), runtime.threads());
        return new CallPolicies(retry, breaker, rate, bulkhead, hedge, runtime.clock());
    }
}
