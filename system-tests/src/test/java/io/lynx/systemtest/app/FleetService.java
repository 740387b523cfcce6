package io.lynx.systemtest.app;

import io.lynx.app.Lynx;
import io.lynx.extension.Registration;
import io.lynx.http.HttpServer;
import io.lynx.job.Schedule;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.time.Duration;

/**
 * A service with a route that works and a route that always throws. The system property {@code job} adds a job that runs every 100
 * ms and always throws.
 */
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
            if (Boolean.getBoolean("job")) {
                Registration _ = context.schedule("fleet.throws", Schedule.every(Duration.ofMillis(100)), _ -> {
                    throw new IllegalStateException("this job always throws");
                });
            }
        }
    }
}
