package io.lynx.app;

import io.lynx.config.Config.ConfigEntry;
import io.lynx.event.Events;
import io.lynx.health.HealthMonitor;
import io.lynx.metrics.ProductionMetrics;
import io.lynx.page.PluginPage;
import io.lynx.plugin.PluginStatus;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.resilience.CircuitBreakers;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/** The part of an application's view that shows its state and its parts, which exist once its configuration is bound. Thread-safe. */
abstract sealed class AssembledView implements ApplicationView permits Application {
    final AtomicReference<ApplicationState> state = new AtomicReference<>(ApplicationState.NEW);

    /** Completed when there is something to shut down, or when there never will be. */
    final CompletableFuture<Optional<ApplicationParts>> assembled = new CompletableFuture<>();

    /** Returns the parts; throws {@link IllegalStateException} if there are none. */
    final ApplicationParts parts() {
        return assembled
                .getNow(Optional.empty())
                .orElseThrow(() -> new IllegalStateException("application: is " + state() + " and not configured"));
    }

    /** Returns the parts; throws {@link IllegalStateException} with {@code refusal} if the application is not ready. */
    final ApplicationParts partsOfReady(String refusal) {
        ApplicationParts parts = parts();
        if (state.get() != ApplicationState.READY) {
            throw new IllegalStateException(refusal + "; the application is " + state.get());
        }
        return parts;
    }

    @Override
    public ApplicationState state() {
        return state.get();
    }

    @Override
    public ApplicationConfig identity() {
        return parts().blueprint().identity();
    }

    @Override
    public String host() {
        String configured = identity().host();
        if (configured != null) {
            return configured;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException noName) {
            return "localhost";
        }
    }

    @Override
    public List<PluginStatus> plugins() {
        return parts().container().statuses();
    }

    @Override
    public List<PluginPage> pages() {
        return parts().container().pages();
    }

    @Override
    public List<ConfigEntry> configuration() {
        return parts().config().inForce().table();
    }

    @Override
    public HealthMonitor health() {
        return parts().health();
    }

    @Override
    public Events events() {
        return parts().events();
    }

    @Override
    public ErrorRecoveryManager recovery() {
        return parts().recovery();
    }

    @Override
    public CircuitBreakers breakers() {
        return parts().breakers();
    }

    @Override
    public ProductionMetrics metrics() {
        return parts().metrics().metrics();
    }

    @Override
    public List<String> urls() {
        return parts().container().traffic().urls();
    }

    /** Returns where each open listener can be reached, by the name of the listener. */
    public Map<String, List<String>> listeners() {
        return parts().container().traffic().urlsByListener();
    }

    @Override
    public long requestsInFlight() {
        return parts().container().traffic().inFlight();
    }
}
