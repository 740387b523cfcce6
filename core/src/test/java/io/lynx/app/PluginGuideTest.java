package io.lynx.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.config.Default;
import io.lynx.extension.ResourceKey;
import io.lynx.health.Health;
import io.lynx.health.HealthCheckOptions;
import io.lynx.job.Schedule;
import io.lynx.page.PageContent;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.PluginState;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.junit.jupiter.api.Test;

/** The code of the guide's page on plugins. */
class PluginGuideTest {
    private static final ResourceKey<PriceList> PRICES = ResourceKey.of("shop.prices", PriceList.class);

    // snippet: plugin-first
    static final class GreetingPlugin implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("greeting").build();
        }

        @Override
        public void start(PluginContext context) {
            System.out.println("Hello from " + context.id());
        }
    }
    // end

    // snippet: plugin-config
    record PriceConfig(
            @Default("EUR") String currency, @Default("30s") Duration refresh) {}
    // end

    /** Prices by article. */
    static final class PriceList implements AutoCloseable {
        private final ConcurrentMap<String, Long> cents = new ConcurrentHashMap<>();

        void refresh() {
            cents.put("apple", 30L);
        }

        int size() {
            return cents.size();
        }

        @Override
        public void close() {
            cents.clear();
        }
    }

    // snippet: plugin-second
    static final class PricePlugin implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("prices")
                    .version("1.4.0")
                    .uses("greeting")
                    .config("shop.prices", PriceConfig.class)
                    .build();
        }

        @Override
        public void start(PluginContext context) {
            PriceConfig config = context.config(PriceConfig.class);
            PriceList prices = context.own(new PriceList());
            prices.refresh();
            context.schedule("prices.refresh", Schedule.every(config.refresh()), job -> prices.refresh());
            context.share(PRICES, prices);
        }
    }
    // end

    /** A plugin that depends on another one. */
    static final class BasketPlugin implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            // snippet: plugin-requires
            return PluginDescriptor.of("basket").requires("prices", "^1.4").build();
            // end
        }

        @Override
        public void start(PluginContext context) {
            // snippet: plugin-resource
            PriceList prices = context.resource(PRICES);
            // end
            // snippet: plugin-check
            context.healthCheck(
                    "basket.prices",
                    HealthCheckOptions.defaults(),
                    () -> prices.size() > 0 ? Health.up() : Health.down("no prices"));
            // end
            // snippet: plugin-debug-page
            context.page("basket", () -> PageContent.builder("Basket")
                    .columns("what", "count")
                    .row("prices", "prices", prices.size())
                    .build());
            // end
        }
    }

    @Test
    void pluginsOfTheGuideStartAndStop() throws Exception {
        try (Application application = Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.2.3")
                .plugin(new GreetingPlugin())
                .plugin(new PricePlugin())
                .plugin(new BasketPlugin())
                .build()) {
            application.start();

            assertThat(application.plugins()).allMatch(plugin -> plugin.state() == PluginState.RUNNING);
            assertThat(application.pages().getFirst().source().content().rows())
                    .singleElement()
                    .satisfies(row -> assertThat(row.cells().getLast()).isEqualTo(1));
        }
    }
}
