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

/** One scrape while it is put together: what was told, then what is shown, each name once. Not thread-safe. */
final class Scrape {
    private final BiConsumer<String, Throwable> failed;
    private final Predicate<String> isReserved;
    private final Map<Family<?>, Map<LabelValues, Double>> told = new HashMap<>();
    private final List<Foreign> foreign = new ArrayList<>();
    private final Map<Family<?>, Group> reserved = new HashMap<>();
    private final Map<String, Group> owners = new HashMap<>();
    private final List<Group> groups = new ArrayList<>();

    private record Foreign(ScrapeSource by, MetricSnapshot snapshot) {}

    /** Snapshots of one name; several only of instruments that have the same name and other labels. */
    private record Group(List<MetricSnapshot> snapshots, Set<String> names, boolean isOfInstruments) {}

    /**
     * An empty one.
     *
     * @param failed is told whose values are left out, and why
     * @param isReserved says which exposed names belong to families, also to those of the catalogue that are still to come
     */
    Scrape(BiConsumer<String, Throwable> failed, Predicate<String> isReserved) {
        this.failed = failed;
        this.isReserved = isReserved;
    }

    /** Takes what {@code by} said. */
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

    /** Keeps the names of {@code families} free for them, whoever is shown before. */
    void reserve(Collection<Family<?>> families) {
        for (Family<?> family : families) {
            Group group = group(ExposedNames.of(family.metric()), false);
            reserved.put(family, group);
        }
    }

    /** Shows what was taken and is not of a family, as far as its names are free. */
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

    /** Shows the families with what was told. */
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
                failed.accept(source, new IllegalStateException("metric " + name + ": is there already"));
                return;
            }
            group = owner == null ? group : owner;
        }
        if (group == null) {
            group = group(names, isInstrument);
        }
        group.snapshots.add(snapshot);
    }

    /** Whether a writer can put them together: it throws in the middle of its answer if not. */
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

    /** How many series are shown. */
    int series() {
        return groups.stream()
                .flatMap(group -> group.snapshots.stream())
                .mapToInt(snapshot -> snapshot.getDataPoints().size())
                .sum();
    }

    /** What is shown of what is wanted. */
    MetricSnapshots snapshots(Predicate<String> isWanted) {
        return new MetricSnapshots(groups.stream()
                .filter(group -> group.names.stream().anyMatch(isWanted))
                .flatMap(group -> group.snapshots.stream())
                .toList());
    }
}
