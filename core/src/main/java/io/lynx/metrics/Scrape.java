package io.lynx.metrics;

import io.lynx.metrics.Metric.MetricType;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A scrape in progress: first takes the values of the sources, then exposes them, each name once. Not thread-safe. */
final class Scrape {
    private final BiConsumer<String, Throwable> failed;
    private final Predicate<String> isReserved;
    private final Map<Family<?>, Map<LabelValues, Double>> told = new HashMap<>();
    private final List<Foreign> foreign = new ArrayList<>();
    private final Map<Family<?>, Group> reserved = new HashMap<>();
    private final Map<String, Group> owners = new HashMap<>();
    private final List<Group> groups = new ArrayList<>();

    private record Foreign(ScrapeSource by, MetricSnapshot snapshot) {}

    /** The snapshots of one name; several only for instruments that have the same name and other labels. */
    private record Group(List<MetricSnapshot> snapshots, Set<String> names, boolean isOfInstruments) {}

    /**
     * Creates an empty scrape.
     *
     * @param failed receives the source whose values are left out, and why
     * @param isReserved returns whether an exposed name belongs to a family, unused ones of the catalogue included
     */
    Scrape(BiConsumer<String, Throwable> failed, Predicate<String> isReserved) {
        this.failed = failed;
        this.isReserved = isReserved;
    }

    /** Takes the values of a source. */
    void take(ScrapeSource by, CollectedSamples said) {
        said.refused().forEach(refused -> failed.accept(by.name(), refused));
        take(said);
        said.shown().forEach(snapshot -> foreign.add(new Foreign(by, snapshot)));
    }

    /** Takes the registry's own values. */
    void take(CollectedSamples own) {
        own.told().forEach((family, values) -> {
            Map<LabelValues, Double> all = told.computeIfAbsent(family, _ -> new LinkedHashMap<>());
            boolean adds = family.metric().type() == MetricType.COUNTER;
            values.forEach((labels, value) -> all.merge(labels, value, adds ? Double::sum : (_, last) -> last));
        });
    }

    /** Reserves the names of {@code families}, which are exposed last. */
    void reserve(Collection<Family<?>> families) {
        for (Family<?> family : families) {
            Group group = group(ExposedNames.of(family.metric()), false);
            reserved.put(family, group);
        }
    }

    /** Exposes the values that belong to no family, as far as their names are free. */
    void showForeign() {
        for (Foreign one : foreign) {
            String taken = firstReserved(one.snapshot);
            if (taken == null) {
                show(one.by.name(), one.snapshot, one.by.isInstrument());
            } else {
                failed.accept(
                        one.by.name(),
                        new IllegalStateException(
                                "metric " + taken + ": belongs to the framework or to a metric of the application"));
            }
        }
    }

    private @Nullable String firstReserved(MetricSnapshot snapshot) {
        for (String name : ExposedNames.of(snapshot)) {
            if (isReserved.test(name)) {
                return name;
            }
        }
        return null;
    }

    /** Exposes the families with the values of the sources. */
    void show(Collection<Family<?>> families) {
        for (Family<?> family : families) {
            MetricSnapshot snapshot;
            try {
                snapshot = family.snapshot(told.getOrDefault(family, Map.of()));
            } catch (RuntimeException refused) {
                failed.accept(family.metric().name(), refused);
                continue;
            }
            Group own = reserved.get(family);
            if (own == null) {
                show("lynx", snapshot, false);
            } else {
                own.snapshots.add(snapshot);
            }
        }
    }

    private Group group(Set<String> names, boolean isOfInstruments) {
        Group group = new Group(new ArrayList<>(), names, isOfInstruments);
        groups.add(group);
        for (String name : names) {
            owners.put(name, group);
        }
        return group;
    }

    private void show(String source, MetricSnapshot snapshot, boolean isInstrument) {
        Set<String> names = ExposedNames.of(snapshot);
        Group group = null;
        for (String name : names) {
            Group owner = owners.get(name);
            if (owner != null && !(isInstrument && owner.isOfInstruments && isAlike(owner.snapshots, snapshot))) {
                failed.accept(source, new IllegalStateException("metric " + name + ": is exposed already"));
                return;
            }
            group = owner == null ? group : owner;
        }
        if (group == null) {
            group = group(names, isInstrument);
        }
        group.snapshots.add(snapshot);
    }

    /** Returns whether a writer can merge them; if not, it would throw in the middle of the response. */
    private static boolean isAlike(List<MetricSnapshot> shown, MetricSnapshot more) {
        Set<Labels> series = new HashSet<>();
        for (MetricSnapshot one : shown) {
            boolean isAlike = one.getClass() == more.getClass()
                    && one.getMetadata()
                            .getPrometheusName()
                            .equals(more.getMetadata().getPrometheusName())
                    && Objects.equals(
                            one.getMetadata().getUnit(), more.getMetadata().getUnit())
                    && isGauge(one) == isGauge(more);
            if (!isAlike) {
                return false;
            }
            one.getDataPoints().forEach(point -> series.add(point.getLabels()));
        }
        return more.getDataPoints().stream().map(DataPointSnapshot::getLabels).noneMatch(series::contains);
    }

    private static boolean isGauge(MetricSnapshot snapshot) {
        return snapshot instanceof HistogramSnapshot histogram && histogram.isGaugeHistogram();
    }

    /** Returns the number of exposed series. */
    int series() {
        return groups.stream()
                .flatMap(group -> group.snapshots.stream())
                .mapToInt(snapshot -> snapshot.getDataPoints().size())
                .sum();
    }

    /** Returns the exposed metrics that are wanted. */
    MetricSnapshots snapshots(Predicate<String> isWanted) {
        return new MetricSnapshots(groups.stream()
                .filter(group -> group.names.stream().anyMatch(isWanted))
                .flatMap(group -> group.snapshots.stream())
                .toList());
    }
}
