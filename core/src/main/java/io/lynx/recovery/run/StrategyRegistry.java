package io.lynx.recovery.run;

import io.lynx.extension.Registration;
import io.lynx.extension.UserCode;
import io.lynx.recovery.ErrorCategory;
import io.lynx.recovery.ErrorOrigin;
import io.lynx.recovery.ErrorRecord;
import io.lynx.recovery.RecoveryStrategy;
import io.lynx.recovery.RecoveryStrategy.RegisteredStrategy;
import io.lynx.recovery.Restarter;
import io.lynx.recovery.classify.BoundedText;
import io.lynx.time.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Selects the strategies for an error, in order: those registered for the component and type, or else for the type, or else
 * for the category, and then the default chain of its severity and origin. Thread-safe.
 */
final class StrategyRegistry {
    private static final Logger LOG = LoggerFactory.getLogger(StrategyRegistry.class);

    private final Map<Object, List<Step>> registered = new ConcurrentHashMap<>();
    private final Consumer<String> onErrorType;
    private final GuardedRestarter guarded;
    private final Step probe;
    private final Step retry;
    private final Step restart;
    private final Step fallback;

    /**
     * A strategy in a chain.
     *
     * @param restarts whether it restarts the component
     * @param isBuiltIn whether it belongs to the default chain
     */
    record Step(RecoveryStrategy strategy, String name, boolean restarts, boolean isBuiltIn) {
        static Step of(RecoveryStrategy strategy, boolean isBuiltIn) {
            return new Step(strategy, BoundedText.name(strategy.name()), strategy.restarts(), isBuiltIn);
        }

        /** Returns whether it is tried even if another attempt cannot help. */
        boolean isLastResort() {
            return BuiltInStrategies.isLastResort(strategy);
        }

        /** Returns whether it is the default chain's restart, which ends by the plugins' own deadlines. */
        boolean isOwnRestart() {
            return restarts && isBuiltIn;
        }
    }

    private record ComponentAndType(String component, String errorType) {}

    /**
     * Creates a registry without registered strategies.
     *
     * @param checks returns the check that a recovery from an error may run; null if there is none
     * @param onErrorType receives the error types for which a strategy is registered
     */
    StrategyRegistry(
            Restarter restarter,
            Ticker ticker,
            Components components,
            Function<ErrorRecord, BuiltInStrategies.@Nullable ProbedCheck> checks,
            Consumer<String> onErrorType) {
        this.guarded = new GuardedRestarter(restarter, ticker);
        this.onErrorType = onErrorType;
        this.probe = Step.of(BuiltInStrategies.probe(checks), true);
        this.retry = Step.of(
                BuiltInStrategies.retry(name -> components.recovery(name).retry()), true);
        this.restart = Step.of(BuiltInStrategies.restart(restarter), true);
        this.fallback = Step.of(
                BuiltInStrategies.fallback(name -> components.recovery(name).fallback()), true);
    }

    Registration register(String errorType, RecoveryStrategy strategy) {
        onErrorType.accept(BoundedText.name(errorType));
        return put(BoundedText.name(errorType), strategy);
    }

    Registration register(ErrorCategory category, RecoveryStrategy strategy) {
        return put(category, strategy);
    }

    Registration register(String component, String errorType, RecoveryStrategy strategy) {
        onErrorType.accept(BoundedText.name(errorType));
        return put(new ComponentAndType(BoundedText.name(component), BoundedText.name(errorType)), strategy);
    }

    /** Adds a strategy; one of the same name is replaced. */
    @SuppressWarnings("ReferenceEquality") // Another registration may equal this one.
    private Registration put(Object key, RecoveryStrategy strategy) {
        Step step = Step.of(strategy, false);
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

    /** Returns all registered strategies, in no order. */
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

    /** Returns what to try for this error, in order; empty if there is nothing. Calls user code. */
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

    /** Returns what the next attempt of a quarantine tries: the restart, or the whole chain where there is none. */
    List<Step> attempt(ErrorRecord error) {
        return canRestart(error.component()) ? List.of(restart) : chain(error);
    }

    private List<Step> defaults(ErrorRecord error) {
        List<Step> steps = RecoveryPolicy.isNotRunning(error)
                ? List.of(restart, fallback)
                : switch (error.severity()) {
                    case LOW -> isProbed(error) ? List.of(probe) : List.of();
                    case MEDIUM -> List.of(probe, retry, restart);
                    case HIGH -> isProbed(error) ? List.of(probe, restart, fallback) : List.of(restart, fallback);
                    case CRITICAL -> isProbed(error) ? List.of(probe, fallback, restart) : List.of(fallback, restart);
                };
        boolean mayRestart = RecoveryPolicy.restart(error) != RecoveryPolicy.Restart.NEVER;
        return mayRestart
                ? steps
                : steps.stream().filter(step -> !step.restarts()).toList();
    }

    private static boolean isProbed(ErrorRecord error) {
        return error.origin() instanceof ErrorOrigin.Check;
    }

    /** Returns whether the component can be restarted. Calls user code. */
    boolean canRestart(String component) {
        return guarded.canRestart(component);
    }

    /** Returns whether the component can be restarted and is not running. Calls user code. */
    boolean isDown(String component) {
        return canRestart(component) && !guarded.isRunning(component);
    }

    private static void addTo(List<Step> chain, List<Step> steps, ErrorRecord error) {
        for (Step step : steps) {
            if (!(step.restarts() && RecoveryPolicy.isNeverRestarted(error)) && canRecover(step, error)) {
                chain.add(step);
            }
        }
    }

    private static boolean canRecover(Step step, ErrorRecord error) {
        return UserCode.call(() -> step.strategy().canRecover(error), false, failure -> LOG.atWarn()
                .setCause(UserCode.loggable(failure))
                .addKeyValue("strategy", step.name())
                .addKeyValue("component", error.component())
                .log("canRecover of a recovery strategy threw an exception; continuing without the strategy"));
    }
}
