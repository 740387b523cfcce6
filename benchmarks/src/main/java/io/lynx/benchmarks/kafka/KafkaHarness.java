package io.lynx.benchmarks.kafka;

import io.lynx.app.Application;
import io.lynx.benchmarks.harness.Options;
import io.lynx.benchmarks.harness.Samples;
import io.lynx.benchmarks.harness.Table;
import io.lynx.config.ConfigSources;
import io.lynx.kafka.KafkaPlugin;
import io.lynx.kafka.test.KafkaServer;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Measures a consumer of the plugin beside a bare loop that polls, handles and commits, against a real broker of its own: how many records
 * of 1 KB each handles in a second, from the first to the last of a topic. The variants take turns, so that what else the machine does
 * affects all of them; what counts is the ratio of medians.
 */
public final class KafkaHarness {
    private static final Ticker TICKER = Ticker.system();
    private static final String TOPIC = "records";
    private static final int PARTITIONS = 4;
    private static final int SIZE = 1_000;
    private static final long PATIENCE_SECONDS = 120;

    private KafkaHarness() {}

    /** One way to handle all records of the topic. */
    @FunctionalInterface
    private interface Run {
        double recordsPerSecond(String group) throws Exception;
    }

    private record Variant(String name, Run run, Samples rates) {}

    /** When the first and the last of a number of records were handled. Thread-safe. */
    private static final class Progress {
        private final long all;
        private final AtomicLong handled = new AtomicLong();
        private final CountDownLatch done = new CountDownLatch(1);
        private volatile long first;
        private volatile long last;

        Progress(long all) {
            this.all = all;
        }

        void handled(byte[] value) {
            if (value.length != SIZE) {
                throw new IllegalStateException("a value of " + value.length + " bytes");
            }
            long count = handled.incrementAndGet();
            if (count == 1) {
                first = TICKER.nanos();
            } else if (count == all) {
                last = TICKER.nanos();
                done.countDown();
            }
        }

        double recordsPerSecond() throws InterruptedException {
            if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("only " + handled.get() + " of " + all + " records were handled");
            }
            return (all - 1) / ((last - first) / 1e9);
        }
    }

    /** Takes {@code --slices N --records N --warmup N}. */
    public static void main(String[] args) throws Exception {
        Options options = Options.of(args, "slices", "records", "warmup");
        try (KafkaServer server = KafkaServer.create()) {
            server.start();
            measure(options, server);
        }
    }

    private static void measure(Options options, KafkaServer server) throws Exception {
        int records = options.number("records", 200_000);
        server.createTopic(TOPIC, PARTITIONS);
        fill(server, records);
        List<Variant> variants = List.of(
                new Variant("bare loop", group -> bare(server, group, records), new Samples()),
                new Variant("consumer", group -> managed(server, group, records, "partition"), new Samples()),
                new Variant("consumer, order: key", group -> managed(server, group, records, "key"), new Samples()));
        for (int slice = -options.number("warmup", 2); slice < options.number("slices", 7); slice++) {
            for (Variant variant : variants) {
                double rate = variant.run().recordsPerSecond("group" + variants.indexOf(variant) + "." + slice);
                if (slice >= 0) {
                    variant.rates().add(rate);
                }
            }
        }
        Table table =
                new Table("Records of 1 KB a second, " + PARTITIONS + " partitions", "variant", "median", "of bare");
        double base = variants.getFirst().rates().median();
        variants.forEach(variant -> table.row(
                variant.name(),
                String.format(Locale.ROOT, "%.0f", variant.rates().median()),
                String.format(Locale.ROOT, "%.2f", variant.rates().median() / base)));
        table.print();
    }

    private static void fill(KafkaServer server, int records) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", server.address(), "batch.size", 262_144, "linger.ms", 20),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < records; i++) {
                byte[] key = {(byte) i, (byte) (i >> 8)};
                var _ = producer.send(new ProducerRecord<>(TOPIC, i % PARTITIONS, key, new byte[SIZE]));
            }
        }
    }

    private static double bare(KafkaServer server, String group, int records) throws InterruptedException {
        Progress progress = new Progress(records);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        server.address(),
                        "group.id",
                        group,
                        "enable.auto.commit",
                        false,
                        "auto.offset.reset",
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(TOPIC));
            while (progress.done.getCount() > 0) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    progress.handled(record.value());
                }
                consumer.commitSync();
            }
        }
        return progress.recordsPerSecond();
    }

    private static double managed(KafkaServer server, String group, int records, String order) throws Exception {
        Progress progress = new Progress(records);
        Application application = Application.builder()
                .configuration(ConfigSources.none())
                .discoverPlugins(false)
                .set("lynx.application.name", "kafka-harness")
                .set("lynx.application.version", "1")
                .set("lynx.kafka.servers", server.address())
                .set("lynx.kafka.consumers." + TOPIC + ".group", group)
                .set("lynx.kafka.consumers." + TOPIC + ".order", order)
                .plugin(new KafkaPlugin())
                .plugin(new Plugin() {
                    @Override
                    public PluginDescriptor descriptor() {
                        return PluginDescriptor.of("harness").requires("kafka").build();
                    }

                    @Override
                    public void start(PluginContext context) {
                        var _ = context.resource(KafkaPlugin.consumers())
                                .add(context, TOPIC, byte[].class, record -> progress.handled(record.value()));
                    }
                })
                .build();
        application.start();
        try {
            return progress.recordsPerSecond();
        } finally {
            application.close();
        }
    }
}
