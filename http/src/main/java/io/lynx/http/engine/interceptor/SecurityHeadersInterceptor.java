package io.lynx.http.engine.interceptor;

import io.lynx.http.HttpHandler;
import io.lynx.http.Interceptor;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.SecurityHeadersConfig;
import io.lynx.http.SecurityHeadersConfig.FrameOptions;
import java.util.ArrayList;
import java.util.List;

/** Sets headers that make browsers careful with the answers to all requests inside. Immutable. */
public final class SecurityHeadersInterceptor implements Interceptor {
    /** Name, value, name, value… */
    private final List<String> headers = new ArrayList<>();

    /** The value for answers over HTTPS; empty for none. */
    private final String transportSecurity;

    /** An interceptor that follows {@code config}, whether that is enabled or not. */
    public SecurityHeadersInterceptor(SecurityHeadersConfig config) {
        add("X-Content-Type-Options", "nosniff");
        if (config.frameOptions() != FrameOptions.ANY) {
            add("X-Frame-Options", config.frameOptions().name());
        }
        add("Referrer-Policy", config.referrerPolicy());
        config.contentSecurityPolicy().ifPresent(policy -> add("Content-Security-Policy", policy));
        long seconds = config.hstsMaxAge().toSeconds();
        String subdomains = config.hstsIncludeSubdomains() ? "; includeSubDomains" : "";
        this.transportSecurity = seconds == 0 ? "" : "max-age=" + seconds + subdomains;
    }

    private void add(String name, String value) {
        headers.add(name);
        headers.add(value);
    }

    @Override
    public void intercept(Request request, Response response, HttpHandler next) throws Exception {
        for (int i = 0; i < headers.size(); i += 2) {
            response.header(headers.get(i), headers.get(i + 1));
        }
        if (!transportSecurity.isEmpty() && request.scheme().equals("https")) {
            response.header("Strict-Transport-Security", transportSecurity);
        }
        next.handle(request, response);
    }
}
