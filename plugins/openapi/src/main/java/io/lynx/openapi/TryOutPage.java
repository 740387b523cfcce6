package io.lynx.openapi;

import io.lynx.http.HttpException;
import io.lynx.http.RouteOptions;
import io.lynx.http.Routes;
import io.lynx.http.StaticFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The page to try the routes: Swagger UI from the library {@code org.webjars:swagger-ui}, which contacts no other host. Immutable.
 *
 * @param folder the folder of the files on the class path
 * @param policy the Content-Security-Policy of the page
 */
record TryOutPage(OpenApiConfig config, String folder, String policy) {
    private static final String LIBRARY = "META-INF/maven/org.webjars/swagger-ui/pom.properties";

    /**
     * Finds the library.
     *
     * @throws IllegalStateException if it is not on the class path
     */
    static TryOutPage of(OpenApiConfig config) {
        Properties library = new Properties();
        try (InputStream in = loader().getResourceAsStream(LIBRARY)) {
            if (in == null) {
                throw new IllegalStateException(
                        "lynx.openapi.ui: 'true', but Swagger UI is not on the class path; add org.webjars:swagger-ui");
            }
            library.load(in);
        } catch (IOException unreadable) {
            throw new IllegalStateException("lynx.openapi.ui: " + LIBRARY + " cannot be read", unreadable);
        }
        String folder = "META-INF/resources/webjars/swagger-ui/" + library.getProperty("version");
        return new TryOutPage(config, folder, policy(config));
    }

    private static ClassLoader loader() {
        @Nullable ClassLoader context = Thread.currentThread().getContextClassLoader();
        return context == null ? TryOutPage.class.getClassLoader() : context;
    }

    /** Scripts come from files alone; requests go to the service and to its other addresses. */
    private static String policy(OpenApiConfig config) {
        Set<String> origins = new LinkedHashSet<>();
        origins.add("'self'");
        for (String server : config.servers()) {
            URI url = URI.create(server);
            if (url.isAbsolute()) {
                origins.add(url.getScheme() + "://" + url.getRawAuthority());
            }
        }
        return "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
                + " font-src 'self' data:; connect-src " + String.join(" ", origins)
                + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    void addTo(Routes routes, RouteOptions hidden) {
        routes.path(config.uiPath(), group -> group.intercept((request, response, next) -> {
                    response.header("Content-Security-Policy", policy);
                    next.handle(request, response);
                })
                .get("/swagger-initializer.js", hidden, (_, response) -> response.type("text/javascript; charset=utf-8")
                        .header("Cache-Control", "no-cache")
                        .send(initializer()))
                .get("/oauth2-redirect.html", hidden, (_, _) -> {
                    throw HttpException.notFound();
                })
                .files("", StaticFiles.classPath(folder)));
    }

    /** Takes the place of the file of the library, which shows an example of another host. */
    private String initializer() {
        String url = DocumentText.of(config.path()).strip().replace("<", "\\u003c");
        return """
                window.onload = function () {
                  window.ui = SwaggerUIBundle({
                    url: %s,
                    dom_id: '#swagger-ui',
                    deepLinking: true,
                    validatorUrl: 'none',
                    queryConfigEnabled: false,
                    presets: [SwaggerUIBundle.presets.apis],
                    layout: 'BaseLayout'
                  });
                };
                """.formatted(url);
    }
}
