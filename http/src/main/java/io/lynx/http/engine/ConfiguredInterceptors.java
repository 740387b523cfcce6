package io.lynx.http.engine;

import io.lynx.http.AccessLogFormat;
import io.lynx.http.HttpConfig;
import io.lynx.http.InterceptorChange;
import io.lynx.http.LimitKey;
import io.lynx.http.StandardInterceptors;
import java.util.ArrayList;
import java.util.List;

/** The interceptors that the configuration of a server adds; what is off is not among them. Stateless. */
public final class ConfiguredInterceptors {
    private ConfiguredInterceptors() {}

    /** Returns what {@code config} adds to a server, followed by {@code byCode}, which can replace and remove that. */
    public static List<InterceptorChange> and(HttpConfig config, List<InterceptorChange> byCode) {
        List<InterceptorChange> all = new ArrayList<>();
        if (config.accessLog() != AccessLogFormat.OFF) {
            all.add(new InterceptorChange(StandardInterceptors.ACCESS_LOG, BuiltInInterceptor.ACCESS_LOG));
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
}
