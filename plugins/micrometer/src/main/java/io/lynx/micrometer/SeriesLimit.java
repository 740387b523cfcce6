package io.lynx.micrometer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.metrics.Catalogue;
import io.lynx.metrics.MetricSource;
import io.lynx.metrics.MetricSource.Samples;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/*
 * Micrometer passes an id through the map methods of all filters in the order of registration, and then the result through
 * their accept methods. A filter that the application adds later, such as its common tags, therefore changes an id after
 * this filter has mapped it. So folding happens in map(), by the tags as they are there, and what cannot be folded is
 * accepted or denied in accept(), by the tags that the meter really gets.
 */

/**
 * Limits each meter name to a number of tag combinations. Meters beyond that whose values can be added up, such as counters and
 * timers, share one meter whose tags all are {@code __overflow__}; gauges, whose values cannot, are not registered. Both are
 * counted in {@code lynx_metrics_label_overflow_total}. Filters that are registered later may change tags. Thread-safe; a
 * meter that exists already does not come here, because Micrometer finds it first.
 */
final class SeriesLimit implements MeterFilter, MetricSource {
    static final String OVERFLOW = "__overflow__";

    private final int most;
    private final MeterRegistry registry;
    private final ConcurrentHashMap<String, Combinations> names = new ConcurrentHashMap<>();

    /**
     * Creates a limit.
     *
     * @param most the allowed tag combinations of each name
     * @param registry defines how names are exposed
     */
    SeriesLimit(int most, MeterRegistry registry) {
        this.most = most;
        this.registry = registry;
    }

    @Override
    public Meter.Id map(Meter.Id id) {
        if (!canBeAddedUp(id)) {
            return id;
        }
        List<Tag> common = combinations(id).fold(id.getTags());
        return common == null ? id : id.replaceTags(common);
    }

    @Override
    public MeterFilterReply accept(Meter.Id id) {
        // If values can be added up, one more: the meter into which the others fold.
        int limit = canBeAddedUp(id) ? most + 1 : most;
        return combinations(id).accept(id.getTags(), limit) ? MeterFilterReply.NEUTRAL : MeterFilterReply.DENY;
    }

    private Combinations combinations(Meter.Id id) {
        return names.computeIfAbsent(id.getName(), _ -> new Combinations(shownName(id)));
    }

    /** Frees the place of a meter that was removed. */
    void forget(Meter.Id id) {
        Combinations known = names.get(id.getName());
        if (known != null) {
            known.remove(id.getTags());
        }
    }

    @Override
    public void collect(Samples out) {
        names.values().forEach(known -> {
            long refused = known.refused.sum();
            if (refused > 0) {
                out.add(Catalogue.LABEL_OVERFLOW, (double) refused, known.shownName);
            }
        });
    }

    private String shownName(Meter.Id id) {
        String name = id.getConventionName(registry.config().namingConvention());
        return id.getType() == Meter.Type.COUNTER ? name + "_total" : name;
    }

    private static boolean canBeAddedUp(Meter.Id id) {
        return switch (id.getType()) {
            case COUNTER, TIMER, DISTRIBUTION_SUMMARY, LONG_TASK_TIMER -> true;
            case GAUGE, OTHER -> false;
        };
    }

    /** The tag combinations of the meters of one name. */
    private final class Combinations {
        private final String shownName;
        private final LongAdder refused = new LongAdder();

        /** The combinations at the time when this filter mapped them. */
        @GuardedBy("this")
        private final Set<List<Tag>> mapped = new HashSet<>();

        /** The combinations that the registered meters have. */
        @GuardedBy("this")
        private final Set<List<Tag>> accepted = new HashSet<>();

        /**
         * The tag names of the first combination beyond the limit. They are used for all, since other tag names would
         * be further series.
         */
        @GuardedBy("this")
        private @Nullable List<Tag> common;

        Combinations(String shownName) {
            this.shownName = shownName;
        }

        /** Returns null if {@code tags} are within the limit, otherwise the tags to share. */
        synchronized @Nullable List<Tag> fold(List<Tag> tags) {
            if (mapped.contains(tags) || (mapped.size() < most && mapped.add(tags))) {
                return null;
            }
            refused.increment();
            List<Tag> shared = common;
            if (shared == null) {
                shared =
                        tags.stream().map(tag -> Tag.of(tag.getKey(), OVERFLOW)).toList();
                common = shared;
            }
            return shared;
        }

        synchronized boolean accept(List<Tag> tags, int limit) {
            if (accepted.contains(tags) || (accepted.size() < limit && accepted.add(tags))) {
                return true;
            }
            refused.increment();
            return false;
        }

        /** Filters that are registered later usually add tags, so the mapped ones are among {@code tags}. */
        synchronized void remove(List<Tag> tags) {
            accepted.remove(tags);
            if (!mapped.remove(tags)) {
                mapped.stream().filter(tags::containsAll).findFirst().ifPresent(mapped::remove);
            }
        }
    }
}
