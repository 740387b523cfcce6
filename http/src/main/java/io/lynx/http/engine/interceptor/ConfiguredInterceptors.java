package io.lynx.http.engine.interceptor;

import io.lynx.http.AccessLogFormat;
import io.lynx.http.HttpConfig;
import io.lynx.http.InterceptorChange;
import io.lynx.http.LimitKey;
import io.lynx.http.StandardInterceptors;
import io.lynx.transport.Listener;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The interceptors that the configuration of a server adds; what is off is not among them. Stateless. */
public final class ConfiguredInterceptors {
    private ConfiguredInterceptors() {}

    /**
     * Returns what {@code config} adds to a server, followed by {@code byCode}, which can replace and remove that.
     *
     * @param listener that of the server; null if it redirects nothing to HTTPS
     */
    public static List<InterceptorChange> and(
            HttpConfig config, @Nullable Listener listener, List<InterceptorChange> byCode) {
        List<InterceptorChange> all = new ArrayList<>();
        if (config.accessLog() != AccessLogFormat.OFF) {
            all.add(new InterceptorChange(StandardInterceptors.ACCESS_LOG, BuiltInInterceptor.ACCESS_LOG));
        }
        if (config.httpsRedirect().enabled() && listener != null) {
            requireHosts(config, listener);
            all.add(new InterceptorChange(
                    StandardInterceptors.HTTPS, new HttpsRedirect(config.httpsRedirect(), listener, false)));
        }
        config.cors()
                .ifPresent(cors ->
                        all.add(new InterceptorChange(StandardInterceptors.CORS, StandardInterceptors.cors(cors))));
        if (config.securityHeaders().enabled()) {
            all.add(new InterceptorChange(
                    StandardInterceptors.SECURITY_HEADERS,
                    StandardInterceptors.securityHeaders(config.securityHeaders())));
        }
        if (config.rateLimit().requests() > 0) {
            all.add(new InterceptorChange(
                    StandardInterceptors.RATE_LIMIT,
                    StandardInterceptors.rateLimit("address", config.rateLimit(), LimitKey.address())));
        }
        all.addAll(byCode);
        return all;
    }

    private static void requireHosts(HttpConfig config, Listener listener) {
        if (config.httpsRedirect().hosts().isEmpty() && listener.config().tls().isEmpty()) {
            throw new IllegalArgumentException(listener.config().section()
                    + ".https_redirect.hosts: none, and there is no certificate that names any; name the hosts that this"
                    + " server is reached by, such as shop.example");
        }
    }
}
