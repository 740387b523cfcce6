package io.lynx.kafka;

import io.lynx.config.Binding;
import java.util.List;

/**
 * What a consumer is: immutable.
 *
 * @param plugin the id of the plugin of its Kafka
 * @param kafka the name of that Kafka in metrics
 * @param name its own name
 * @param group at the brokers
 * @param topics at the brokers
 * @param prefix that topics and groups have at the brokers
 * @param config its section
 */
record ConsumerSpec(
        String plugin,
        String kafka,
        String name,
        String group,
        List<String> topics,
        String prefix,
        KafkaConsumerConfig config) {
    static ConsumerSpec of(String plugin, String kafka, String name, String application, KafkaConfig config) {
        KafkaConsumerConfig own = config.consumers().get(name);
        if (own == null) {
            own = Binding.defaults(KafkaConsumerConfig.class);
        }
        String group = own.group().isEmpty() ? application + "." + name : own.group();
        List<String> topics = own.topics().isEmpty() ? List.of(name) : own.topics();
        return new ConsumerSpec(
                plugin,
                kafka,
                name,
                config.topicPrefix() + group,
                topics.stream().map(topic -> config.topicPrefix() + topic).toList(),
                config.topicPrefix(),
                own);
    }

    /** Returns a topic at the brokers without the prefix. */
    String plainTopic(String atBroker) {
        return atBroker.substring(prefix.length());
    }

    /** Returns what the handler does, for reports of who uses something. */
    String operation() {
        return "consume " + name;
    }
}
