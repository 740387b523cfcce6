package io.lynx.security.http;

import io.lynx.metrics.Counter;
import io.lynx.metrics.MetricRegistry;
import io.lynx.plugin.PluginContext;
import io.lynx.security.Authenticator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes the authenticators of a configuration. Not thread-safe. */
final class AuthenticatorSetup {
    private final PluginContext context;
    private final SecurityConfig config;
    private final List<Authenticator> others;
    private final @Nullable JwtIssuer development;
    private final MetricRegistry registry;
    private final Map<String, IssuerKeys> issuers = new LinkedHashMap<>();
    private final List<SchemeAuthenticator> all = new ArrayList<>();
    private @Nullable IntrospectionAuthenticator introspection;

    /**
     * Creates a setup.
     *
     * @param others checks of the application's own, which follow the configured ones
     * @param development verifies tokens for development; null if there are none
     */
    AuthenticatorSetup(
            PluginContext context, SecurityConfig config, List<Authenticator> others, @Nullable JwtIssuer development) {
        this.context = context;
        this.config = config;
        this.others = others;
        this.development = development;
        this.registry = context.metrics().registry();
    }

    /** Makes all of them, in the order in which they are tried. */
    void make() {
        boolean hasIssuers = !config.issuers().isEmpty() || development != null;
        if (hasIssuers) {
            all.add(new SchemeAuthenticator(CredentialScheme.JWT, jwt()));
        }
        config.introspection().ifPresent(section -> {
            IntrospectionAuthenticator made = context.own(new IntrospectionAuthenticator(
                    context, section, config.cacheSize(), cache(CredentialScheme.INTROSPECTION)));
            introspection = made;
            all.add(new SchemeAuthenticator(CredentialScheme.INTROSPECTION, made));
        });
        config.apiKeys()
                .ifPresent(section ->
                        all.add(new SchemeAuthenticator(CredentialScheme.API_KEY, new ApiKeyAuthenticator(section))));
        config.basic().ifPresent(section -> all.add(new SchemeAuthenticator(CredentialScheme.BASIC, basic(section))));
        for (Authenticator other : others) {
            all.add(new SchemeAuthenticator(
                    CredentialScheme.OTHER, hasIssuers ? new TokenReadingAuthenticator(other) : other));
        }
        // Counted and answered as invalid tokens of issuers are, if there are issuers.
        CredentialScheme unaccepted =
                hasIssuers ? CredentialScheme.JWT : others.isEmpty() ? CredentialScheme.NONE : CredentialScheme.OTHER;
        all.add(new SchemeAuthenticator(unaccepted, new UnacceptedTokens()));
    }

    private BasicAuthenticator basic(BasicConfig section) {
        PasswordThreads threads = context.own(new PasswordThreads(section.maxChecks()));
        return context.own(new BasicAuthenticator(
                section, config.cacheSize(), threads, context.ticker(), cache(CredentialScheme.BASIC)));
    }

    private CacheMetrics cache(CredentialScheme scheme) {
        return SecurityMetrics.cache(registry, scheme);
    }

    private JwtAuthenticator jwt() {
        List<JwtIssuer> made = new ArrayList<>();
        for (Map.Entry<String, IssuerConfig> each : new TreeMap<>(config.issuers()).entrySet()) {
            IssuerConfig section = each.getValue();
            IssuerKeys keys = keys(each.getKey(), section);
            issuers.put(each.getKey(), keys);
            made.add(new JwtIssuer(section, keys, context.clock()));
        }
        if (development != null) {
            made.add(development);
        }
        long longest = made.stream().mapToLong(JwtIssuer::longest).max().orElse(0);
        return new JwtAuthenticator(
                made,
                Math.toIntExact(longest),
                config.cacheSize(),
                config.cacheTime(),
                config.introspection().isEmpty() && others.isEmpty(),
                context.ticker(),
                cache(CredentialScheme.JWT));
    }

    private IssuerKeys keys(String name, IssuerConfig section) {
        KeyReader reader = context.own(new KeyReader(context, name, section));
        Counter read = registry.counter(SecurityMetrics.KEY_READS, name, "read");
        Counter failed = registry.counter(SecurityMetrics.KEY_READS, name, "failed");
        return context.own(new IssuerKeys(
                section,
                reader::read,
                context.ticker(),
                context.scheduler(),
                context.threads(),
                new KeyReadings(name, reader.source(), isRead -> (isRead ? read : failed).increment())));
    }

    /** Returns the keys of each issuer. */
    Map<String, IssuerKeys> issuers() {
        return issuers;
    }

    Optional<IntrospectionAuthenticator> introspection() {
        return Optional.ofNullable(introspection);
    }

    private @Nullable String apiKeyHeader() {
        return config.apiKeys().map(ApiKeysConfig::header).orElse(null);
    }

    /** Returns what other protocols than HTTP use. */
    SharedAuthenticator shared() {
        return new SharedAuthenticator(all, new SecurityMetrics(context.metrics()), apiKeyHeader());
    }

    AuthenticationInterceptor interceptor() {
        String apiKeyHeader = apiKeyHeader();
        Challenges challenges = new Challenges(
                all.stream()
                        .map(SchemeAuthenticator::scheme)
                        .filter(scheme -> scheme != CredentialScheme.NONE)
                        .collect(Collectors.toSet()),
                config.realm(),
                apiKeyHeader == null ? "" : apiKeyHeader);
        return new AuthenticationInterceptor(all, challenges, new SecurityMetrics(context.metrics()), apiKeyHeader);
    }
}
