package io.lynx.http;

import io.lynx.config.Binding;
import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What becomes of requests without TLS: the section {@code lynx.http.https_redirect}. GET and HEAD are redirected to HTTPS by 308, others
 * are refused with 403. Immutable and thread-safe.
 *
 * @param enabled whether this applies to the server's own listener, where trusted proxies tell the scheme
 * @param port of a listener without TLS beside the server's, all of whose requests are redirected; empty for none
 * @param httpsPort the port in redirects; empty for the one that the server listens on, or 443 without TLS
 * @param hosts the hosts in redirects, such as {@code shop.example} or {@code *.shop.example}; those of the certificates if empty
 */
public record HttpsRedirectConfig(
        @Doc(
                "Whether requests that have not come by HTTPS, as trusted proxies tell, are redirected (GET, HEAD) or refused")
        @Default("false")
        boolean enabled,

        @Doc("Port of a second listener, without TLS, that redirects or refuses all requests; 0 for any free one")
        @Range(min = "0", max = "65535")
        Optional<Integer> port,

        @Doc("The port in redirects; that of the server if not set, or 443 if it has no TLS")
        @Range(min = "1", max = "65535")
        Optional<Integer> httpsPort,

        @Doc(
                "Hosts that may be redirected to, such as shop.example or *.shop.example; those of the certificates if empty")
        @Default("[]")
        List<String> hosts) {
    /**
     * Copies the list, in lower case.
     *
     * @throws IllegalArgumentException if a host has a port or a path
     */
    public HttpsRedirectConfig {
        List<String> lowerCase = new ArrayList<>(hosts.size());
        for (String host : hosts) {
            lowerCase.add(host.toLowerCase(Locale.ROOT));
            if (host.isEmpty() || host.contains("/") || host.matches("[^:]*:[^:]*")) {
                throw new IllegalArgumentException("hosts: '" + host
                        + "'; a name or an address without a port, such as shop.example or *.shop.example");
            }
        }
        hosts = List.copyOf(lowerCase);
    }

    /** Returns the configuration in which no key is set. */
    public static HttpsRedirectConfig defaults() {
        return Binding.defaults(HttpsRedirectConfig.class);
    }
}
