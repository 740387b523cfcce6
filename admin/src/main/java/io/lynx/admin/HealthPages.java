package io.lynx.admin;

import io.lynx.app.ApplicationView;
import io.lynx.health.CheckReport;
import io.lynx.health.HealthSnapshot;
import io.lynx.health.HealthStatus;
import io.lynx.plugin.PluginState;
import io.lynx.plugin.PluginStatus;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The health pages of an application, each rendered once for a snapshot: the cost of a probe does not depend on the
 * number of checks or their state. Thread-safe; never blocks.
 */
final class HealthPages {
    private final ApplicationView application;
    private volatile @Nullable Rendered rendered;

    /** The pages of one snapshot that were requested. Two threads may render the same page; both results are valid. */
    private record Rendered(HealthSnapshot snapshot, Map<Variant, HealthPage> pages) {}

    private record Variant(Probe probe, HealthFormat format, boolean isDetailed) {}

    HealthPages(ApplicationView application) {
        this.application = application;
    }

    HealthPage page(Probe probe, HealthFormat format, boolean isDetailed) {
        HealthSnapshot snapshot = application.health().snapshot();
        Rendered current = rendered;
        if (current == null || current.snapshot() != snapshot) {
            current = new Rendered(snapshot, new ConcurrentHashMap<>());
            rendered = current;
        }
        Variant variant = new Variant(probe, format, isDetailed);
        HealthPage page = current.pages().get(variant);
        if (page == null) {
            page = HealthPage.of(probe.status(snapshot), snapshot.phase(), probe.checks(snapshot), format, isDetailed);
            current.pages().put(variant, page);
        }
        return page;
    }

    /** Returns the page of one plugin; empty if no plugin has that id. */
    Optional<HealthPage> plugin(String id, HealthFormat format, boolean isDetailed) {
        HealthSnapshot snapshot = application.health().snapshot();
        List<CheckReport> checks = snapshot.checksOf(id);
        Optional<PluginStatus> plugin = application.plugins().stream()
                .filter(candidate -> Objects.equals(candidate.id(), id))
                .findFirst();
        if (plugin.isEmpty() && checks.isEmpty()) {
            return Optional.empty();
        }
        HealthStatus status =
                plugin.map(found -> status(found.state(), snapshot, id)).orElseGet(() -> snapshot.statusOf(id));
        return Optional.of(HealthPage.of(status, snapshot.phase(), checks, format, isDetailed));
    }

    static HealthStatus status(PluginState state, HealthSnapshot snapshot, String id) {
        return switch (state) {
            case RUNNING -> snapshot.checksOf(id).isEmpty() ? HealthStatus.UP : snapshot.statusOf(id);
            case NEW, STARTING -> HealthStatus.UNKNOWN;
            case STOPPING, STOPPED -> HealthStatus.OUT_OF_SERVICE;
            case FAILED, ABANDONED -> HealthStatus.DOWN;
        };
    }
}
