package io.lynx.security.http;

import io.lynx.http.client.ClientResponse;
import io.lynx.http.client.HttpClient;
import io.lynx.plugin.PluginContext;
import java.text.ParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the keys of an issuer over HTTP, from the configured URL or from the one that discovery tells. One thread at a time calls it.
 */
final class KeyReader implements AutoCloseable {
    private static final String DISCOVERY = "/.well-known/openid-configuration";
    private static final int LARGEST = 1024 * 1024;

    private final PluginContext context;
    private final String name;
    private final IssuerConfig config;
    private final ProviderUrl start;
    private final HttpClient first;
    private volatile @Nullable HttpClient second;
    private String secondOrigin = "";

    KeyReader(PluginContext context, String name, IssuerConfig config) {
        this.context = context;
        this.name = name;
        this.config = config;
        this.start = config.jwksUrl()
                .map(url -> ProviderUrl.require("jwks_url", url.toString(), config.allowHttp()))
                .orElseGet(() -> ProviderUrl.require("issuer", discovery(config.issuer()), config.allowHttp()));
        this.first = client("security-" + name, start.origin());
    }

    private static String discovery(String issuer) {
        return (issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer) + DISCOVERY;
    }

    private HttpClient client(String clientName, String origin) {
        return HttpClient.builder(clientName)
                .url(origin)
                .timeout(config.timeout())
                .readTimeout(config.timeout())
                .maxBodySize(LARGEST)
                .maxConnections(2)
                .tls(config.tls())
                // The keys are read again after a pause of their own.
                .policies(policies -> policies.withRetryAttempts(1).withCircuitBreaker(false))
                .build(context);
    }

    /** Returns where it begins, for messages. */
    String source() {
        return start.origin() + start.path();
    }

    /**
     * Reads the keys.
     *
     * @param before the keys until now
     * @throws ParseException if an answer is not what it should be
     * @throws RuntimeException if there is no answer
     */
    KeySet read(@Nullable KeySet before) throws ParseException {
        String answer = get(first, start);
        if (config.jwksUrl().isPresent()) {
            return KeySet.parse(answer, before);
        }
        Map<String, Object> document = StrictJson.object(answer);
        if (!config.issuer().equals(document.get("issuer"))) {
            throw new ParseException("discovery: the document is that of another issuer", 0);
        }
        if (!(document.get("jwks_uri") instanceof String location)) {
            throw new ParseException("discovery: the document has no jwks_uri", 0);
        }
        ProviderUrl url;
        try {
            url = ProviderUrl.require("jwks_uri", location, config.allowHttp());
        } catch (IllegalArgumentException refused) {
            throw new ParseException("discovery: " + refused.getMessage(), 0);
        }
        return KeySet.parse(get(clientOf(url), url), before);
    }

    private HttpClient clientOf(ProviderUrl url) {
        if (url.origin().equals(start.origin())) {
            return first;
        }
        HttpClient known = second;
        if (known == null || !secondOrigin.equals(url.origin())) {
            if (known != null) {
                known.close();
            }
            known = client("security-" + name + "-keys", url.origin());
            second = known;
            secondOrigin = url.origin();
        }
        return known;
    }

    private static String get(HttpClient client, ProviderUrl url) throws ParseException {
        ClientResponse answer = ProviderCall.send(
                ProviderCall.withQuery(client.get(url.path()), url).header("accept", "application/json"), null);
        if (answer.status() != 200) {
            throw new ParseException(url.path() + ": status " + answer.status(), 0);
        }
        return answer.text();
    }

    @Override
    public void close() {
        first.close();
        HttpClient other = second;
        if (other != null) {
            other.close();
        }
    }
}
