package io.lynx.security.http;

import io.lynx.health.Health;
import io.lynx.http.AccessRule;
import io.lynx.http.HttpServer;
import io.lynx.http.ServerRoutes;
import io.lynx.http.StandardInterceptors;
import io.lynx.metrics.Metric;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.security.Authenticator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Identifies the callers of the server {@code http} as {@code lynx.security} says: by bearer tokens, API keys or passwords. A route says
 * who may call it by an {@link io.lynx.http.AccessRule}; a route without one requires an authenticated caller, unless the configuration
 * says otherwise. While the plugin is restarted, the server answers 503. The operations endpoints have rules of their own. Thread-safe.
 */
public final class SecurityPlugin implements Plugin {
    /** The id of this plugin. */
    public static final String ID = "security";

    /** The metrics of this plugin, in the order of the reference page. */
    public static final List<Metric> METRICS = List.of(
            SecurityMetrics.REQUESTS,
            SecurityMetrics.CACHE,
            SecurityMetrics.KEY_READS,
            SecurityMetrics.KEYS,
            SecurityMetrics.KEYS_AGE);

    private static final Logger log = LoggerFactory.getLogger(SecurityPlugin.class);

    /** How long a start tries to read the keys of one issuer. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** So many failures in a row are more than a hiccup. */
    private static final int FAILURES = 3;

    private final List<Authenticator> others;
    private final Supplier<DeveloperTerminal> terminal;
    private volatile @Nullable Configured running;

    /** Whether a start has added the interceptors, which then stay until another start replaces them. */
    private volatile boolean hasGuarded;

    /** Kept when the plugin is restarted, so that tokens which were printed stay valid. */
    private volatile @Nullable Development development;

    /** Creates the plugin, which checks what its configuration names. */
    public SecurityPlugin() {
        this(List.of(), DeveloperTerminal::detect);
    }

    /**
     * Creates a plugin.
     *
     * @param others checks of the application's own
     * @param terminal finds the terminal on which tokens for development are printed
     */
    SecurityPlugin(List<Authenticator> others, Supplier<DeveloperTerminal> terminal) {
        this.others = others;
        this.terminal = terminal;
    }

    /**
     * Creates the plugin with checks of the application's own, which follow the configured ones. They receive bearer tokens that are not
     * JWTs of a configured issuer, but none if introspection is configured, which judges every other token. A bearer token that no check
     * accepts is invalid.
     */
    public static SecurityPlugin with(Authenticator... authenticators) {
        return new SecurityPlugin(List.of(authenticators), DeveloperTerminal::detect);
    }

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of(ID)
                .name("Security")
                .requires("http")
                .config("lynx.security", SecurityConfig.class)
                .build();
    }

    @Override
    public void start(PluginContext context) throws InterruptedException {
        SecurityConfig config = context.config(SecurityConfig.class);
        ServerRoutes routes = context.resource(HttpServer.ROUTES);
        running = null;
        if (!config.enabled()) {
            log.warn("lynx.security.enabled: false; routes without an access rule are open to everyone");
            if (hasGuarded) {
                open(context, routes);
            }
            return;
        }
        Development tokens = development(context, config);
        if (config.isEmpty() && others.isEmpty() && tokens.issuer() == null) {
            throw new IllegalStateException(
                    "lynx.security: nothing is configured by which a caller could be identified;"
                            + " set issuers, introspection, api_keys or basic, or enabled: false to leave all routes open"
                            + tokens.refusal());
        }
        if (config.basic().isPresent() && !config.basic().get().allowClearText() && !routes.isSecure()) {
            throw new IllegalStateException(
                    "lynx.security.basic: the listener has no TLS, so passwords would be sent in clear"
                            + " text; set lynx.http.tls, or allow_clear_text: true if a proxy in front has TLS");
        }
        Configured made = Configured.of(context, config, others, tokens.issuer());
        for (IssuerKeys keys : made.issuers().values()) {
            keys.start(PATIENCE);
        }
        var _ = context.metricSource(ID, out -> made.issuers().forEach((name, keys) -> {
            out.add(SecurityMetrics.KEYS, keys.size(), name);
            if (keys.size() > 0) {
                out.add(SecurityMetrics.KEYS_AGE, keys.ageSeconds(), name);
            }
        }));
        running = made;
        hasGuarded = true;
        routes.intercept(
                context,
                StandardInterceptors.AUTHORIZATION,
                config.defaultAccess().rule());
        routes.intercept(context, StandardInterceptors.AUTHENTICATION, made.interceptor());
        var _ = context.share(Authenticator.KEY, made.shared());
    }

    /** Takes the place of what an earlier start has added: without it, the server would answer 503 until it is there again. */
    private static void open(PluginContext context, ServerRoutes routes) {
        routes.intercept(context, StandardInterceptors.AUTHORIZATION, AccessRule.anonymous());
        routes.intercept(
                context,
                StandardInterceptors.AUTHENTICATION,
                (request, response, next) -> next.handle(request, response));
    }

    /** Makes and prints tokens for development, unless there are those of an earlier start. */
    private Development development(PluginContext context, SecurityConfig config) {
        Map<String, List<String>> callers = config.developmentCallers();
        Development known = development;
        if (callers.isEmpty()) {
            return Development.NONE;
        }
        if (known != null && known.callers().equals(callers)) {
            return known;
        }
        DeveloperTerminal developer = terminal.get();
        Optional<String> refusal = developer.refusal(context.profiles());
        if (refusal.isPresent()) {
            log.atInfo().addKeyValue("reason", refusal.get()).log("No tokens for development are made");
            return new Development(
                    callers, null, "; no tokens are made for development_callers, since " + refusal.get());
        }
        Development made = new Development(callers, DevelopmentTokens.print(callers, developer, context.clock()), "");
        development = made;
        log.atInfo()
                .addKeyValue("callers", new TreeSet<>(callers.keySet()))
                .log("Tokens for development are printed on the terminal");
        return made;
    }

    @Override
    public Health health() {
        Configured now = running;
        if (now == null) {
            return Health.up();
        }
        List<String> problems = new ArrayList<>();
        Map<String, Object> data = new LinkedHashMap<>();
        now.issuers().forEach((name, keys) -> {
            data.put("issuer." + name + ".keys", keys.size());
            if (!keys.isUsable()) {
                problems.add("no usable keys of issuer " + name + ": "
                        + keys.readings().lastFailure());
            } else if (keys.readings().failures() >= FAILURES) {
                problems.add("keys of issuer " + name + " cannot be read again: "
                        + keys.readings().lastFailure());
            }
        });
        now.introspection()
                .filter(introspection -> introspection.failures() >= FAILURES)
                .ifPresent(_ -> problems.add("tokens cannot be checked at the provider"));
        Health health = problems.isEmpty() ? Health.up() : Health.degraded(String.join("; ", problems));
        for (Map.Entry<String, Object> each : data.entrySet()) {
            health = health.with(each.getKey(), each.getValue());
        }
        return health;
    }

    /**
     * The tokens for development.
     *
     * @param callers the roles of each caller, by name
     * @param issuer verifies the tokens; null if there are none
     * @param refusal why there are none, as the end of a message
     */
    private record Development(
            Map<String, List<String>> callers, @Nullable JwtIssuer issuer, String refusal) {
        static final Development NONE = new Development(Map.of(), null, "");
    }

    /** What one start of the plugin has made of its configuration. */
    private record Configured(
            Map<String, IssuerKeys> issuers,
            Optional<IntrospectionAuthenticator> introspection,
            AuthenticationInterceptor interceptor,
            SharedAuthenticator shared) {
        static Configured of(
                PluginContext context,
                SecurityConfig config,
                List<Authenticator> others,
                @Nullable JwtIssuer development) {
            AuthenticatorSetup setup = new AuthenticatorSetup(context, config, others, development);
            setup.make();
            return new Configured(setup.issuers(), setup.introspection(), setup.interceptor(), setup.shared());
        }
    }
}
