package io.lynx.benchmarks.redis;

import io.lynx.app.Application;
import io.lynx.benchmarks.harness.Options;
import io.lynx.benchmarks.harness.Samples;
import io.lynx.benchmarks.harness.Table;
import io.lynx.config.ConfigSources;
import io.lynx.json.JsonCodec;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.redis.Cache;
import io.lynx.redis.RedisPlugin;
import io.lynx.time.Ticker;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * Measures lookups of a cache that hit, beside a {@code GET} of bare Jedis with the same decoding, against a real Redis of its own. The
 * variants take turns in short slices, so that what else the machine does affects all of them; what counts is the ratio of medians.
 */
public final class RedisHarness {
    private static final Ticker TICKER = Ticker.system();
    private static final int KEYS = 1_000;
    private static final int CONNECTIONS = 16;

    private RedisHarness() {}

    /** A value of the size of a small record. */
    public record Product(long id, String name, String description, long price) {}

    /** One way to look up the value of a key. */
    @FunctionalInterface
    private interface Lookup {
        Object get(long id);
    }

    private record Variant(String name, Lookup lookup, Samples rates) {}

    /** Takes {@code --slices N --millis N --threads N --warmup N}. */
    public static void main(String[] args) throws Exception {
        Options options = Options.of(args, "slices", "millis", "threads", "warmup");
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Process server = new ProcessBuilder(
                        "redis-server", "--port", Integer.toString(port), "--bind", "127.0.0.1", "--save", "")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            measure(options, port);
        } finally {
            Process _ = server.destroyForcibly();
        }
    }

    private static void measure(Options options, int port) throws Exception {
        AtomicReference<PluginContext> started = new AtomicReference<>();
        Application application = Application.builder()
                .configuration(ConfigSources.none())
                .discoverPlugins(false)
                .set("lynx.application.name", "redis-harness")
                .set("lynx.application.version", "1")
                .set("lynx.redis.nodes", "127.0.0.1:" + port)
                .set("lynx.redis.pool_size", Integer.toString(CONNECTIONS))
                .plugin(new RedisPlugin())
                .plugin(new Plugin() {
                    @Override
                    public PluginDescriptor descriptor() {
                        return PluginDescriptor.of("harness").requires("redis").build();
                    }

                    @Override
                    public void start(PluginContext context) {
                        started.set(context);
                    }
                })
                .build();
        application.start();
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(CONNECTIONS);
        pool.setMaxIdle(CONNECTIONS);
        try (RedisClient bare = RedisClient.builder()
                .hostAndPort("127.0.0.1", port)
                .poolConfig(pool)
                .build()) {
            run(options, started.get(), bare);
        } catch (JedisConnectionException failure) {
            throw new IllegalStateException("the harness's Redis failed", failure);
        } finally {
            application.close();
        }
    }

    private static void run(Options options, PluginContext context, UnifiedJedis bare) throws Exception {
        JsonCodec json = context.json();
        Cache<Long, Product> cache = context.resource(RedisPlugin.caches())
                .cache("products", Product.class)
                .timeToLive(Duration.ofHours(1))
                .loadedBy(RedisHarness::product);
        for (long id = 0; id < KEYS; id++) {
            boolean _ = cache.put(id, product(id));
            String _ = bare.set(key(id), json.write(product(id)));
        }
        UnifiedJedis managed = context.resource(RedisPlugin.key());
        List<Variant> variants = List.of(
                new Variant("bare GET, decoded", id -> json.read(bare.get(key(id)), Product.class), new Samples()),
                new Variant(
                        "managed GET, decoded", id -> json.read(managed.get(key(id)), Product.class), new Samples()),
                new Variant("cache hit", id -> cache.get(id).orElseThrow(), new Samples()));
        int threads = options.number("threads", 4);
        long millis = options.number("millis", 500);
        for (int slice = -options.number("warmup", 4); slice < options.number("slices", 10); slice++) {
            for (Variant variant : variants) {
                double rate = rate(variant.lookup(), threads, millis);
                if (slice >= 0) {
                    variant.rates().add(rate);
                }
            }
        }
        Table table = new Table("Lookups a second, " + threads + " threads", "variant", "median", "of bare");
        double base = variants.getFirst().rates().median();
        variants.forEach(variant -> table.row(
                variant.name(),
                String.format(Locale.ROOT, "%.0f", variant.rates().median()),
                String.format(Locale.ROOT, "%.2f", variant.rates().median() / base)));
        table.print();
    }

    private static double rate(Lookup lookup, int threads, long millis) throws Exception {
        LinkedBlockingQueue<Long> counts = new LinkedBlockingQueue<>();
        long began = TICKER.nanos();
        long end = began + TimeUnit.MILLISECONDS.toNanos(millis);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                long seed = i;
                Callable<Boolean> loop = () -> counts.add(loop(lookup, seed, end));
                running.add(executor.submit(loop));
            }
            for (Future<Boolean> each : running) {
                boolean _ = each.get();
            }
        }
        long all = counts.stream().mapToLong(Long::longValue).sum();
        return all / ((TICKER.nanos() - began) / 1e9);
    }

    private static long loop(Lookup lookup, long seed, long end) {
        long count = 0;
        for (long id = seed; TICKER.nanos() - end < 0; id = (id + 31) % KEYS) {
            if (lookup.get(id) == null) {
                throw new IllegalStateException("no value");
            }
            count++;
        }
        return count;
    }

    private static byte[] key(long id) {
        return ("bare:products:" + id).getBytes(StandardCharsets.UTF_8);
    }

    private static Product product(long id) {
        return new Product(
                id, "lamp " + id, "a lamp of brass, for reading late at night, with a switch at its foot", 1990);
    }
}
