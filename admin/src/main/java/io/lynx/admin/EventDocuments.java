package io.lynx.admin;

import io.lynx.event.DeadLetters;
import io.lynx.event.DeadLetters.DeadLetter;
import io.lynx.event.Event;
import io.lynx.event.EventsSnapshot;
import io.lynx.event.EventsSnapshot.BusSnapshot;
import io.lynx.event.EventsSnapshot.SubscriptionSnapshot;
import io.lynx.event.EventsSnapshot.TopicSnapshot;
import io.lynx.event.PublishResult.DropReason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Renders event buses and the events that could not be handled as JSON documents. Payloads are never shown. */
final class EventDocuments {
    private EventDocuments() {}

    static byte[] buses(EventsSnapshot snapshot) {
        JsonWriter json = new JsonWriter()
                .object()
                .member("dead_letters", snapshot.deadLetters())
                .member("dead_letters_pushed_out", snapshot.deadLettersPushedOut())
                .member("refused", snapshot.refused())
                .array("buses");
        for (BusSnapshot bus : snapshot.buses()) {
            json.object()
                    .member("name", bus.name())
                    .member("paused", bus.paused())
                    .member("depth", bus.depth())
                    .member("capacity", bus.capacity())
                    .member("refused", bus.refused())
                    .array("topics");
            bus.topics().forEach(topic -> write(json, topic));
            json.endArray().array("subscriptions");
            bus.subscriptions().forEach(subscription -> write(json, subscription));
            json.endArray().endObject();
        }
        return json.endArray().endObject().bytes();
    }

    private static void write(JsonWriter json, TopicSnapshot topic) {
        json.object()
                .member("type", topic.type())
                .member("published", topic.published())
                .member("processed", topic.processed())
                .member("dead_lettered", topic.deadLettered())
                .member("dropped", byReason(topic.dropped()))
                .endObject();
    }

    private static void write(JsonWriter json, SubscriptionSnapshot subscription) {
        json.object()
                .member("name", subscription.name())
                .member("types", subscription.types())
                .member("capacity", subscription.capacity())
                .member("published", subscription.published())
                .member("processed", subscription.processed())
                .member("dead_lettered", subscription.deadLettered())
                .member("dropped", byReason(subscription.dropped()))
                .member("queued", subscription.queued())
                .member("in_hand", subscription.inHand())
                .member("retried", subscription.retried())
                .endObject();
    }

    private static Map<String, Long> byReason(Map<DropReason, Long> dropped) {
        Map<String, Long> labelled = new LinkedHashMap<>();
        new TreeMap<>(dropped).forEach((reason, count) -> labelled.put(reason.label(), count));
        return labelled;
    }

    /** Returns the most recent letters, at most {@code limit} of them. */
    static byte[] deadLetters(DeadLetters store, int limit) {
        List<DeadLetter> letters = store.list();
        JsonWriter json = new JsonWriter()
                .object()
                .member("count", letters.size())
                .member("capacity", store.capacity())
                .member("pushed_out", store.pushedOut())
                .array("dead_letters");
        letters.reversed().stream().limit(limit).forEach(letter -> write(json, letter));
        return json.endArray().endObject().bytes();
    }

    static byte[] deadLetter(DeadLetter letter) {
        JsonWriter json = new JsonWriter();
        write(json, letter);
        return json.bytes();
    }

    private static void write(JsonWriter json, DeadLetter letter) {
        Event<?> event = letter.event();
        json.object()
                .member("id", letter.id())
                .member("subscription", letter.subscription())
                .member("attempts", letter.attempts())
                .member("failure", letter.message())
                .member("failed_at", letter.at())
                .object("event")
                .member("id", event.id())
                .member("bus", event.bus())
                .member("type", event.type())
                .member("priority", event.headers().priority())
                .member("source", event.headers().source())
                .member("published_at", event.timestamp())
                .member("trace_id", event.headers().traceId())
                .member("metadata", new TreeMap<>(event.headers().metadata()))
                .member("payload_class", event.payload().getClass().getName())
                .endObject()
                .endObject();
    }
}
