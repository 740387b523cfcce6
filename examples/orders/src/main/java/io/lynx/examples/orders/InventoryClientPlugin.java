package io.lynx.examples.orders;

import io.lynx.extension.ResourceKey;
import io.lynx.http.client.ClientConfig;
import io.lynx.http.client.HttpClient;
import io.lynx.http.client.HttpClientPlugin;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.time.Deadline;

/**
 * The client of the service {@code inventory}. It shares no client if {@code lynx.clients.inventory} does not set where that service
 * is: orders works without it.
 */
final class InventoryClientPlugin implements Plugin {
    static final String ID = HttpClientPlugin.id("inventory");
    static final ResourceKey<HttpClient> CLIENT = HttpClientPlugin.key("inventory");

    private final HttpClientPlugin client = new HttpClientPlugin("inventory");

    @Override
    public PluginDescriptor descriptor() {
        return client.descriptor();
    }

    /** Opens no connection: the inventory may start later, or never. */
    @Override
    public void start(PluginContext context) {
        ClientConfig config = context.config(ClientConfig.class);
        boolean isConfigured = config.url().isPresent()
                || config.srv().isPresent()
                || !config.addresses().isEmpty();
        if (isConfigured) {
            client.start(context);
        }
    }

    @Override
    public void stop(Deadline deadline) throws InterruptedException {
        client.stop(deadline);
    }
}
