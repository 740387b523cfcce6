package io.lynx.admin;

import io.lynx.http.HttpServer;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;

/**
 * Puts the operations endpoints on the service's port, if the application has an {@link HttpServer}. It is a separate
 * plugin because it starts after the server, while {@link AdminPlugin} starts before all others. Thread-safe.
 */
public final class ServicePages implements Plugin {
    /** The plugin. */
    public ServicePages() {}

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of("admin.service")
                .name("Operations endpoints on the service's port")
                .automatic()
                .uses(AdminPlugin.ID)
                .uses("http")
                .build();
    }

    @Override
    public void start(PluginContext context) {
        context.findResource(AdminPlugin.OPERATIONS).ifPresent(operations -> context.findResource(HttpServer.ROUTES)
                .ifPresent(routes -> routes.add(context, added -> operations.addTo(added, false))));
    }
}
