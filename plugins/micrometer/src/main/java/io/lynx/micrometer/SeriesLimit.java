package io.lynx.micrometer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.metrics.Catalogue;
import io.lynx.metrics.MetricSource;
import io.lynx.metrics.Samples;
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

/**
 * Holds each meter name to a number of tag combinations. What comes after that and can be added up, such as a counter or a
 * timer, shares one meter whose tags all say {@code __overflow__}; a gauge, whose value nobody can add to another's, is
 * not registered. Both are counted in {@code lynx_metrics_label_overflow_total}. Thread-safe; a meter that exists does
 * not come here, because Micrometer finds it first.
 */
final class SeriesLimit implements MeterFilter, MetricSource {
    static final String OVERFLOW = "__overflow__";

    private final int most;
    private final MeterRegistry registry;
    private final ConcurrentHashMap<String, Combinations> names = new ConcurrentHashMap<>();

    /**
     * A limit for each name.
     *
     * @param most combinations of tags
     * @param registry says how names are shown
     */
    SeriesLimit(int most, MeterRegistry registry) {
        this.most = most;
        this.registry = registry;
    }

    @Override
    public Meter.Id map(Meter.Id id) {
        Combinations known = names.computeIfAbsent(id.getName(), _ -> new Combinations(shownName(id)));
        List<Tag> common = known.admit(id.getTags());
        return common == null || !canBeAddedUp(id) ? id : id.replaceTags(common);
    }

    @Override
    public MeterFilterReply accept(Meter.Id id) {
        Combinations known = names.get(id.getName());
        boolean fits = known == null || canBeAddedUp(id) || known.has(id.getTags());
        return fits ? MeterFilterReply.NEUTRAL : MeterFilterReply.DENY;
    }

    /** Gives the place of a meter that was removed to another. */
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

    /** The tags of the meters of one name. */
    private final class Combinations {
        private final String shownName;
        private final LongAdder refused = new LongAdder();

        @GuardedBy("this")
        private final Set<List<Tag>> admitted = new HashSet<>();

        /** Of the first that did not fit, and then of all: those with other tag names must not make a series each. */
        @GuardedBy("this")
        private @Nullable List<Tag> common;

        Combinations(String shownName) {
            this.shownName = shownName;
        }

        /** Null if there is room for {@code tags}, else the tags to share. */
        synchronized @Nullable List<Tag> admit(List<Tag> tags) {
            if (admitted.contains(tags) || (admitted.size() < most && admitted.add(tags))) {
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

        synchronized boolean has(List<Tag> tags) {
            return admitted.contains(tags);
        }

        synchronized void remove(List<Tag> tags) {
            admitted.remove(tags);
        }
    }
}
