package io.lynx.examples.inventory;

import io.lynx.http.HttpException;
import io.lynx.http.HttpServer;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The route of the service: {@code GET /stock?item=NAME}. */
final class InventoryPlugin implements Plugin {
    private static final Logger LOG = LoggerFactory.getLogger(InventoryPlugin.class);

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of("inventory")
                .requires("http")
                .config("inventory", InventoryConfig.class)
                .build();
    }

    @Override
    public void start(PluginContext context) {
        Map<String, Integer> items = context.config(InventoryConfig.class).items();
        context.resource(HttpServer.ROUTES)
                .add(context, http -> http.get("/stock", (request, response) -> answer(items, request, response)));
    }

    /** Answers 200 for every item, so that its caller takes a 404 for what it is: the answer of another service. */
    private static void answer(Map<String, Integer> items, Request request, Response response) {
        String item = request.query("item")
                .orElseThrow(() -> new HttpException(400, "item: missing (query); the name of an item"));
        Stock stock = new Stock(item, items.getOrDefault(item, 0));
        LOG.atDebug().addKeyValue("available", stock.available()).log("Stock was read");
        response.json(stock);
    }
}
