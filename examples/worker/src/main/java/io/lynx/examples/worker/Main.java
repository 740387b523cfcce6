package io.lynx.examples.worker;

import io.lynx.app.Application;
import io.lynx.app.Lynx;
import io.lynx.http.HttpServer;

/** Starts the worker. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Lynx.run(args, app -> plugins(app, HttpServer.with(http -> {})));
    }

    /** Adds the plugins of the service, beside those of the database, the inbox, Kafka and the bridge, which the configuration adds. */
    static Application.Builder plugins(Application.Builder app, HttpServer server) {
        return app.plugin(server).plugin(new ConfirmationsPlugin());
    }
}
