/** Kafka: managed producers and consumers. */
@org.jspecify.annotations.NullMarked
module io.lynx.kafka {
    requires transitive io.lynx.core;
    requires transitive kafka.clients;
    requires static com.google.errorprone.annotations;

    exports io.lynx.kafka;

    provides io.lynx.plugin.PluginFamily with
            io.lynx.kafka.KafkaFamily;
}
