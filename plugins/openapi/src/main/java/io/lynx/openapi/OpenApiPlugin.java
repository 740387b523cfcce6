package io.lynx.openapi;

import io.lynx.app.ApplicationConfig;
import io.lynx.config.ConfigSection;
import io.lynx.http.AccessRule;
import io.lynx.http.HttpServer;
import io.lynx.http.RouteDescription;
import io.lynx.http.RouteOptions;
import io.lynx.http.Routes;
import io.lynx.http.ServerRoutes;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;

/**
 * Describes the routes of the server {@code http} by a document of OpenAPI 3.1, at {@code /openapi.json} unless configured otherwise by
 * {@code lynx.openapi}. The document is made at the first request for it and again after routes have changed. Thread-safe.
 */
public final class OpenApiPlugin implements Plugin {
    /** The id of this plugin. */
    public static final String ID = "openapi";

    private static final ConfigSection<ApplicationConfig> APPLICATION =
            ConfigSection.of("lynx.application", ApplicationConfig.class);

    /** Creates the plugin. */
    public OpenApiPlugin() {}

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of(ID)
                .name("OpenAPI")
                .requires("http")
                .config("lynx.openapi", OpenApiConfig.class)
                .build();
    }

    @Override
    public void start(PluginContext context) {
        OpenApiConfig config = context.config(OpenApiConfig.class);
        ServerRoutes routes = context.resource(HttpServer.ROUTES);
        ServedDocument document = new ServedDocument(config, context.config(APPLICATION), routes);
        TryOutPage page = config.ui() ? TryOutPage.of(config) : null;
        RouteOptions hidden = RouteOptions.describe(RouteDescription::hide);
        routes.add(context, (Routes added) -> {
            if (config.anonymous()) {
                added.access(AccessRule.anonymous());
            }
            added.get(config.path(), hidden, document);
            if (page != null) {
                page.addTo(added, hidden);
            }
        });
    }
}
