package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.config.Default;
import io.lynx.extension.ResourceKey;
import io.lynx.health.Health;
import io.lynx.job.Schedule;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.testkit.LynxTest;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/** The plugin of the tutorial, as it is at its end. */
class FirstPluginGuideTest {
    // snippet: first-plugin-config
    record VisitsConfig(
            @Default("Hello") String greeting,
            @Default("1m") Duration report) {}
    // end

    // snippet: first-plugin-visits
    static final class Visits {
        private final LongAdder count = new LongAdder();

        String greet(String greeting, String name) {
            count.increment();
            return greeting + ", " + name;
        }

        long count() {
            return count.sum();
        }
    }
    // end

    static final class VisitsPlugin implements Plugin {
        static final ResourceKey<Visits> VISITS = ResourceKey.of("visits", Visits.class);

        private final Visits visits = new Visits();

        // snippet: first-plugin-descriptor
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("visits")
                    .requires("http")
                    .config("shop.visits", VisitsConfig.class)
                    .build();
        }
        // end

        // snippet: first-plugin-start
        @Override
        public void start(PluginContext context) {
            VisitsConfig config = context.config(VisitsConfig.class);
            context.resource(HttpServer.ROUTES)
                    .add(
                            context,
                            http -> http.get(
                                    "/hello/{name}",
                                    (request, response) ->
                                            response.send(visits.greet(config.greeting(), request.path("name")))));
            context.schedule(
                    "visits.report",
                    Schedule.every(config.report()),
                    job -> System.out.println(visits.count() + " visits"));
            context.share(VISITS, visits);
        }
        // end

        // snippet: first-plugin-health
        @Override
        public Health health() {
            return Health.up().with("visits", visits.count());
        }
        // end
    }

    // snippet: first-plugin-test
    @Test
    void greetsAndCounts() {
        try (LynxTest lynx = LynxTest.of(HttpServer.with(http -> {}), new VisitsPlugin())
                .with("lynx.http.port", "0")
                .with("shop.visits.greeting", "Good day")
                .start()) {
            assertThat(lynx.get("/hello/Ada").body()).isEqualTo("Good day, Ada");
            assertThat(lynx.resource(VisitsPlugin.VISITS).count()).isEqualTo(1);
        }
    }
    // end
}
