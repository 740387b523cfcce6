package io.lynx.systemtest.app;

import io.lynx.app.Lynx;
import io.lynx.http.HttpServer;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;

/** A service with a route that works and a route that always throws. */
public final class FleetService {
    private FleetService() {}

    /** Runs it. */
    public static void main(String[] args) {
        Lynx.run(args, app -> app.plugin(HttpServer.with(http -> {})).plugin(new Faulty()));
    }

    private static final class Faulty implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("faulty").requires("http").build();
        }

        @Override
        public void start(PluginContext context) {
            context.resource(HttpServer.ROUTES)
                    .add(context, http -> http.get("/works", (request, response) -> response.send("ok"))
                            .get("/throws", (request, response) -> {
                                throw new IllegalStateException("this route always throws");
                            }));
        }
    }
}
