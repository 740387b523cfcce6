package io.lynx.examples.orders;

import io.lynx.app.Application;
import io.lynx.app.Lynx;
import io.lynx.http.HttpServer;

/** Starts the order service. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Lynx.run(args, app -> plugins(app, HttpServer.with(http -> {})));
    }

    /** Adds the plugins of the service, beside those of the database and of Redis, which the configuration adds. Their start order follows from
     * their dependencies. */
    static Application.Builder plugins(Application.Builder app, HttpServer server) {
        return app.plugin(server)
                .plugin(new CachePlugin())
                .plugin(new WorkerPlugin())
                .plugin(new PruningPlugin())
                .plugin(new InventoryClientPlugin())
                .plugin(new OrdersPlugin())
                .plugin(new FaultsPlugin());
    }
}
