package io.lynx.recovery;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What follows when a component is given up, and how that is lifted again. Thread-safe. */
final class QuarantinedComponents {
    private static final Logger log = LoggerFactory.getLogger(QuarantinedComponents.class);

    private volatile boolean shutsDown;
    private final Consumer<? super String> onShutdown;
    private final Components components;
    private final Elapsed elapsed;
    private final RecoveryLog ledger;

    QuarantinedComponents(
            ErrorRecoveryManager.Builder builder, Components components, Elapsed elapsed, RecoveryLog ledger) {
        this.onShutdown = builder.onShutdown;
        this.components = components;
        this.elapsed = elapsed;
        this.ledger = ledger;
        apply(builder.config);
    }

    /** Goes by {@code changed} for components that are given up from now on. */
    void apply(ErrorRecoveryConfig changed) {
        shutsDown = changed.onExhausted() == ErrorRecoveryConfig.OnExhausted.SHUTDOWN;
    }

    /** A component was given up; asks for the application's stop, if that is configured and it does not stop already. */
    void parked(Component component, String reason, boolean stopping) {
        ledger.componentParked(component, reason, elapsed.nanos());
        if (shutsDown && !stopping) {
            try {
                onShutdown.accept("component '" + component.name() + "' was given up: " + reason);
            } catch (RuntimeException failure) {
                log.atError().setCause(failure).log("Asking for a shutdown failed");
            }
        }
    }

    /** Lifts what was held against a component; returns false if a strategy still holds it, or it is unknown. */
    boolean reset(String name) {
        Component component = components.find(name);
        if (component == null) {
            return false;
        }
        component.absolve(elapsed.nanos());
        Component.State state = component.state();
        if (state instanceof Component.Parked && component.change(state, new Component.Idle())) {
            ledger.componentReleased(component);
        }
        return !(component.state() instanceof Component.Quarantined);
    }

    /** A check is well: what it reported is over, and what was given up because of it is not any more. */
    void healed(String name, String check) {
        Component component = components.find(name);
        if (component == null) {
            return;
        }
        if (component.checkHealed(check)) {
            ledger.markRecovered(error -> error.component().equals(component.name()) && isOf(error.origin(), check));
        }
        Component.State state = component.state();
        if (state instanceof Component.Parked(String _, ErrorOrigin cause)
                && isOf(cause, check)
                && component.change(state, new Component.Idle())) {
            ledger.componentReleased(component);
        }
    }

    private static boolean isOf(ErrorOrigin origin, String check) {
        return origin instanceof ErrorOrigin.Check(String name, boolean _) && name.equals(check);
    }
}
