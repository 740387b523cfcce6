package com.example.service;

import io.lynx.app.Application;
import io.lynx.app.Lynx;
import io.lynx.http.HttpServer;

/** Starts the service. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Lynx.run(args, Main::plugins);
    }

    /** Adds the plugins that the service consists of. Their order does not matter: each starts after those it requires. */
    static void plugins(Application.Builder app) {
        app.plugin(HttpServer.with(http -> {})).plugin(new GreetingPlugin());
    }
}
