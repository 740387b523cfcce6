package com.example.service;

import io.lynx.health.Health;
import io.lynx.http.HttpException;
import io.lynx.http.HttpServer;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.util.concurrent.atomic.LongAdder;

/** Greets by {@code GET /hello/{name}}. */
final class GreetingPlugin implements Plugin {
    private final LongAdder greetings = new LongAdder();

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of("greeting")
                .requires("http")
                .config("greeting", GreetingConfig.class)
                .build();
    }

    /** Adds the route. It belongs to the context, which removes it when the plugin stops. */
    @Override
    public void start(PluginContext context) {
        GreetingConfig config = context.config(GreetingConfig.class);
        context.resource(HttpServer.ROUTES)
                .add(
                        context,
                        http -> http.get("/hello/{name}", (request, response) -> greet(config, request, response)));
    }

    private void greet(GreetingConfig config, Request request, Response response) {
        String name = request.path("name");
        if (name.length() > config.maxLength()) {
            throw new HttpException(400, "name: longer than " + config.maxLength() + " characters");
        }
        greetings.increment();
        response.json(new Greeting(config.salutation() + ", " + name));
    }

    /** Runs in the background; {@code GET /health} on the management port shows the result. */
    @Override
    public Health health() {
        return Health.up().with("greetings", greetings.sum());
    }

    /** An answer, which is sent as JSON. */
    record Greeting(String message) {}
}
