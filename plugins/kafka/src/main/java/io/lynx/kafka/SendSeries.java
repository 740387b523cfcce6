package io.lynx.kafka;

import io.lynx.metrics.Histogram;
import io.lynx.metrics.MetricRegistry;
import java.util.concurrent.ConcurrentHashMap;

/** The metrics of sends by topic, of which there are few. Thread-safe. */
final class SendSeries {
    private static final int MOST_TOPICS = 200;
    private static final String OTHER = "other";

    private final MetricRegistry registry;
    private final String kafka;
    private final ConcurrentHashMap<String, Histogram> byTopic = new ConcurrentHashMap<>();

    SendSeries(MetricRegistry registry, String kafka) {
        this.registry = registry;
        this.kafka = kafka;
    }

    /** Returns the durations of sends to a topic. */
    Histogram of(String topic) {
        Histogram known = byTopic.get(topic);
        if (known != null) {
            return known;
        }
        return byTopic.size() >= MOST_TOPICS
                ? registry.histogram(KafkaMetrics.SENDS, kafka, OTHER)
                : byTopic.computeIfAbsent(topic, _ -> registry.histogram(KafkaMetrics.SENDS, kafka, topic));
    }

    /** Counts a record that was not acknowledged. */
    void failed(Throwable failure) {
        registry.counter(KafkaMetrics.SEND_ERRORS, kafka, KafkaFailures.label(failure))
                .increment();
    }
}
