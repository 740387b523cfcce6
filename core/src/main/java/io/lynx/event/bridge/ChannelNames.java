package io.lynx.event.bridge;

import io.lynx.event.TopicFilter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The names of channels at the broker, and the topics that a bridge sends or receives. Immutable. */
final class ChannelNames {
    private final String pattern;
    private final String deadLetters;

    /** A configured topic or pattern of topics: {@code <bus>/<type>}. */
    record BridgedTopics(String bus, String types, TopicFilter<?> filter) {
        static BridgedTopics of(String key, String text) {
            int slash = text.indexOf('/');
            if (slash < 1) {
                throw new IllegalArgumentException(key + ": '" + text
                        + "'; write <bus>/<type>, such as business/order.placed or business/order.*");
            }
            try {
                String bus = text.substring(0, slash);
                String types = text.substring(slash + 1);
                return new BridgedTopics(bus, types, TopicFilter.matching(bus, types));
            } catch (IllegalArgumentException malformed) {
                throw new IllegalArgumentException(key + ": '" + text + "'; " + malformed.getMessage(), malformed);
            }
        }

        static List<BridgedTopics> all(String key, List<String> texts) {
            List<BridgedTopics> all = new ArrayList<>();
            texts.forEach(text -> all.add(of(key, text)));
            return all;
        }

        boolean matches(String otherBus, String type) {
            return bus.equals(otherBus) && filter.matches(type);
        }
    }

    ChannelNames(String pattern, String deadLetters) {
        this.pattern = pattern;
        this.deadLetters = deadLetters;
    }

    String of(BridgeMessage message) {
        return of(message.attribute("lynxbus"), message.type());
    }

    String of(String bus, String type) {
        return pattern.replace("{bus}", bus).replace("{type}", type);
    }

    String deadLetters(String channel) {
        return deadLetters.replace("{channel}", channel);
    }

    /**
     * Returns the channels that carry these topics.
     *
     * @throws IllegalArgumentException if they cannot be named
     */
    Set<String> of(List<BridgedTopics> topics) {
        Set<String> names = new LinkedHashSet<>();
        for (BridgedTopics each : topics) {
            if (pattern.contains("{type}") && each.types().contains("*")) {
                throw new IllegalArgumentException("receive: '" + each.bus() + "/" + each.types() + "' with channel '"
                        + pattern + "'; a pattern needs a channel without {type}, otherwise name each type");
            }
            names.add(of(each.bus(), each.types()));
        }
        return names;
    }
}
