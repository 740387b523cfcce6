package io.lynx.redis.test;

import io.lynx.http.HttpException;
import io.lynx.http.HttpServer;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.redis.Cache;
import io.lynx.redis.RedisPlugin;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The plugin of the guide to caching. */
// snippet: caching-plugin
final class ProductsPlugin implements Plugin {
    record Product(long id, String name) {}

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of("products")
                .requires("http")
                .requires("redis")
                .build();
    }

    @Override
    public void start(PluginContext context) {
        Cache<Long, Product> products = context.resource(RedisPlugin.caches())
                .cache("products", Product.class)
                .timeToLive(Duration.ofMinutes(10))
                .staleIfError(Duration.ofHours(1))
                .loadedBy(ProductsPlugin::find);
        context.resource(HttpServer.ROUTES)
                .add(
                        context,
                        http -> http.get("/products/{id}", (request, response) -> {
                            long id = Long.parseLong(request.path("id"));
                            response.json(products.get(id).orElseThrow(HttpException::notFound));
                        }));
    }

    private static @Nullable Product find(long id) {
        return id == 7 ? new Product(id, "lamp") : null; // In your service, a query of the database.
    }
}
// end
