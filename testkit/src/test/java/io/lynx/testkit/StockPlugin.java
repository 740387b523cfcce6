package io.lynx.testkit;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.event.EventBuses;
import io.lynx.event.Topic;
import io.lynx.extension.ResourceKey;
import io.lynx.job.Schedule;
import io.lynx.metrics.Counter;
import io.lynx.metrics.Metric;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The plugin of the guide's page on testing: a stock of lamps that is refilled every hour. */
final class StockPlugin implements Plugin {
    static final ResourceKey<Stock> STOCK = ResourceKey.of("stock", Stock.class);
    static final Topic<String> SOLD_OUT = Topic.of("business", "stock.sold_out", String.class);
    private static final Metric SOLD = Metric.counter("stock_sold_total", "Lamps sold.");
    private static final Logger LOG = LoggerFactory.getLogger(StockPlugin.class);

    /** The section {@code stock}. */
    record StockConfig(
            @Default("10") @Doc("Lamps in a full stock.") int size) {}

    /** The lamps that are left. */
    static final class Stock {
        private final int size;
        private final AtomicInteger left;
        private final EventBuses events;
        private final Counter sold;

        Stock(int size, PluginContext context) {
            this.size = size;
            this.left = new AtomicInteger(size);
            this.events = context.events();
            this.sold = context.metrics().registry().counter(SOLD);
        }

        int left() {
            return left.get();
        }

        void refill() {
            left.set(size);
        }

        boolean sell() {
            if (left.getAndUpdate(now -> Math.max(0, now - 1)) == 0) {
                LOG.warn("The stock of lamps is sold out");
                events.publish(SOLD_OUT, "lamp");
                return false;
            }
            sold.increment();
            return true;
        }
    }

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of("stock").config("stock", StockConfig.class).build();
    }

    @Override
    public void start(PluginContext context) {
        int size = context.config(StockConfig.class).size();
        if (size < 1) {
            throw new IllegalStateException("stock.size: " + size + "; at least 1 is allowed");
        }
        Stock stock = new Stock(size, context);
        context.share(STOCK, stock);
        context.schedule("stock.refill", Schedule.every(Duration.ofHours(1)), _ -> stock.refill());
    }
}
