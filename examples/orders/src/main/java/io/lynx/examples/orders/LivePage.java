package io.lynx.examples.orders;

import io.lynx.http.RouteDescription;
import io.lynx.http.RouteOptions;
import io.lynx.http.Routes;
import io.lynx.http.SecurityHeadersConfig;
import io.lynx.http.SecurityHeadersConfig.FrameOptions;
import io.lynx.http.StandardInterceptors;
import io.lynx.http.StaticFiles;
import java.time.Duration;
import java.util.Optional;

/** A page that shows the orders as they change: {@code /live/}. Its files are in the folder {@code live} of the class path. */
final class LivePage {
    /** The page needs nothing but its own files and its own service. */
    private static final SecurityHeadersConfig HEADERS = new SecurityHeadersConfig(
            true,
            FrameOptions.DENY,
            Duration.ZERO,
            false,
            Optional.of("default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"),
            "no-referrer");

    private LivePage() {}

    static void addTo(Routes http) {
        RouteOptions hidden = RouteOptions.describe(RouteDescription::hide);
        http.get("/", hidden, (_, response) -> response.redirectLocal("/live/")).path("/live", page -> page.intercept(
                        StandardInterceptors.SECURITY_HEADERS, StandardInterceptors.securityHeaders(HEADERS))
                .files("", StaticFiles.classPath("live")));
    }
}
