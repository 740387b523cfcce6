package io.lynx.openapi;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * The section {@code lynx.openapi}.
 *
 * @param path the path of the document
 * @param title the title of the document
 * @param version the version of the described service
 * @param description a longer text in CommonMark; may be empty
 * @param servers the URLs at which clients reach the service; empty for that of the document
 * @param anonymous whether everyone may read the document and the page
 * @param hiddenPlugins ids of plugins whose routes are left out
 * @param ui whether there is a page to try the routes
 * @param uiPath the path of that page
 */
public record OpenApiConfig(
        @Doc("Path of the document.") @Default("/openapi.json")
        String path,

        @Doc("Title of the document; the application's name if not set.")
        Optional<String> title,

        @Doc("Version of the described service; the application's version if not set.")
        Optional<String> version,

        @Doc("Longer text about the service, which may be CommonMark.") @Default("")
        String description,

        @Doc("URLs at which clients reach the service; that of the document if empty.") @Default("[]")
        List<String> servers,

        @Doc("Whether everyone may read the document and the page, also if the server's routes require callers.")
        @Default("false")
        boolean anonymous,

        @Doc("Ids of plugins whose routes are left out of the document.") @Default("[admin.service]")
        List<String> hiddenPlugins,

        @Doc("Whether there is a page to try the routes; needs org.webjars:swagger-ui on the class path.")
        @Default("false")
        boolean ui,

        @Doc("Path of that page.") @Default("/openapi") String uiPath) {
    /**
     * A configuration with these components.
     *
     * @throws IllegalArgumentException if a path does not begin with a slash, or a server is not a URL
     */
    public OpenApiConfig {
        requirePath("path", path);
        requirePath("ui_path", uiPath);
        servers = List.copyOf(servers);
        hiddenPlugins = List.copyOf(hiddenPlugins);
        for (String server : servers) {
            requireUrl(server);
        }
    }

    private static void requirePath(String key, String path) {
        if (!path.startsWith("/") || path.endsWith("/") || path.contains("{")) {
            throw new IllegalArgumentException(
                    key + ": '" + path
                            + "'; a path begins with a slash, does not end with one and has no variables, such as /openapi.json");
        }
    }

    private static void requireUrl(String server) {
        try {
            URI url = URI.create(server);
            if ((url.isAbsolute() && url.getHost() != null) || server.startsWith("/")) {
                return;
            }
        } catch (IllegalArgumentException malformed) {
            // As any other text that is not a URL.
        }
        throw new IllegalArgumentException(
                "servers: '" + server + "'; a URL such as https://shop.example/api, or a path such as /api");
    }
}
