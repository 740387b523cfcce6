package io.lynx.recovery;

import io.lynx.extension.Registration;
import io.lynx.health.Health;
import io.lynx.health.HealthCheck;
import io.lynx.health.HealthStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which strategies are tried for an error, in which order: those registered for the component and type, or else for the
 * type, or else for the category, and after them the default chain of the severity: for a check's error it begins with asking the
 * check again, and it restarts only where {@link RecoveryPolicy} allows that. Thread-safe.
 */
final class StrategyRegistry {
    private static final Logger log = LoggerFactory.getLogger(StrategyRegistry.class);

    private final Map<Object, List<Step>> registered = new ConcurrentHashMap<>();
    private final Function<String, @Nullable HealthCheck> checks;
    private final Step probe;
    private final Step retry;
    private final Step restart;
    private final Step fallback;

    /** A strategy with what it says of itself once and for all. */
    record Step(RecoveryStrategy strategy, String name, boolean restarts) {
        static Step of(RecoveryStrategy strategy) {
            return new Step(strategy, BoundedText.name(strategy.name()), strategy.restarts());
        }

        /** Whether it is tried even if trying again cannot help. */
        boolean isLastResort() {
            return strategy instanceof FallbackStrategy || strategy instanceof DegradeStrategy;
        }
    }

    private record ComponentAndType(String component, String errorType) {}

    /**
     * A registry of nothing yet.
     *
     * @param checks asks the health check of that name; null if there is none
     */
    StrategyRegistry(
            Restarter restarter,
            Function<String, ComponentRecovery> recoveries,
            Function<String, @Nullable HealthCheck> checks) {
        this.checks = checks;
        this.probe = Step.of(new ProbeStrategy(checks));
        this.retry = Step.of(new RetryStrategy(name -> recoveries.apply(name).retry()));
        this.restart = Step.of(new RestartStrategy(restarter));
        this.fallback =
                Step.of(new FallbackStrategy(name -> recoveries.apply(name).fallback()));
    }

    Registration register(String errorType, RecoveryStrategy strategy) {
        return put(BoundedText.name(errorType), strategy);
    }

    Registration register(ErrorCategory category, RecoveryStrategy strategy) {
        return put(category, strategy);
    }

    Registration register(String component, String errorType, RecoveryStrategy strategy) {
        return put(new ComponentAndType(BoundedText.name(component), BoundedText.name(errorType)), strategy);
    }

    /** One of the same name is replaced. */
    private Registration put(Object key, RecoveryStrategy strategy) {
        Step step = Step.of(strategy);
        registered.merge(key, List.of(step), (before, added) -> {
            List<Step> steps = new ArrayList<>(before);
            steps.removeIf(other -> other.name().equals(step.name()));
            steps.addAll(added);
            return List.copyOf(steps);
        });
        return () -> registered.computeIfPresent(key, (_, steps) -> {
            List<Step> left = steps.stream().filter(other -> other != step).toList();
            return left.isEmpty() ? null : left;
        });
    }

    /** All that were registered, in no order. */
    List<RegisteredStrategy> registered() {
        List<RegisteredStrategy> all = new ArrayList<>();
        registered.forEach((key, steps) -> steps.forEach(step -> all.add(
                switch (key) {
                    case ComponentAndType(String component, String type) ->
                        new RegisteredStrategy(component, type, step.name());
                    case ErrorCategory category -> new RegisteredStrategy(null, category.label(), step.name());
                    default -> new RegisteredStrategy(null, key.toString(), step.name());
                })));
        return all;
    }

    /** What to try for this error, in order; empty if there is nothing. */
    List<Step> chain(ErrorRecord error) {
        List<Step> chain = new ArrayList<>(4);
        List<Object> keys = List.of(
                new ComponentAndType(error.component(), error.errorType()), error.errorType(), error.category());
        for (Object key : keys) {
            addTo(chain, registered.getOrDefault(key, List.of()), error);
            if (!chain.isEmpty()) {
                break;
            }
        }
        addTo(chain, defaults(error), error);
        return chain;
    }

    private List<Step> defaults(ErrorRecord error) {
        List<Step> steps =
                switch (error.severity()) {
                    case LOW, MEDIUM -> List.of(probe, retry, restart);
                    case HIGH -> List.of(probe, restart, fallback);
                    case CRITICAL -> List.of(probe, fallback);
                };
        return RecoveryPolicy.mayRestart(error)
                ? steps
                : steps.stream().filter(step -> !step.restarts()).toList();
    }

    /** Asks whether the check that reported the error is content, DEGRADED or not; null if none did, or it is gone. */
    @Nullable
    HealthCheck checkOf(ErrorRecord error) {
        HealthCheck check =
                error.origin() instanceof ErrorOrigin.Check(String name, boolean _) ? checks.apply(name) : null;
        return check == null
                ? null
                : () -> {
                    Health found = check.check();
                    return found.status() == HealthStatus.DEGRADED ? Health.up() : found;
                };
    }

    private static void addTo(List<Step> chain, List<Step> steps, ErrorRecord error) {
        for (Step step : steps) {
            if (!(step.restarts() && RecoveryPolicy.isNeverRestarted(error)) && canRecover(step, error)) {
                chain.add(step);
            }
        }
    }

    private static boolean canRecover(Step step, ErrorRecord error) {
        try {
            return step.strategy().canRecover(error);
        } catch (RuntimeException | StackOverflowError failure) {
            log.atWarn()
                    .setCause(failure)
                    .addKeyValue("strategy", step.name())
                    .log("Recovery strategy threw when asked whether it can recover; passing it over");
            return false;
        }
    }
}
