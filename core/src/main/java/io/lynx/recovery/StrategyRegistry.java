package io.lynx.recovery;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which strategies are tried for an error, in which order: those registered for the component and type, or else for the
 * type, or else for the category, and after them the default chain of the severity. Thread-safe.
 */
final class StrategyRegistry {
    private static final Logger log = LoggerFactory.getLogger(StrategyRegistry.class);

    private final Map<Object, List<Step>> registered = new ConcurrentHashMap<>();
    private final Step retry;
    private final Step restart;
    private final Step fallback;

    /** A strategy with what it says of itself once and for all. */
    record Step(RecoveryStrategy strategy, String name, boolean restarts) {
        static Step of(RecoveryStrategy strategy) {
            return new Step(strategy, Texts.name(strategy.name()), strategy.restarts());
        }

        /** Whether it is tried even if trying again cannot help. */
        boolean isLastResort() {
            return strategy instanceof FallbackStrategy || strategy instanceof DegradeStrategy;
        }
    }

    private record ComponentAndType(String component, String errorType) {}

    StrategyRegistry(Restarter restarter, Function<String, ComponentRecovery> recoveries) {
        this.retry = Step.of(new RetryStrategy(name -> recoveries.apply(name).retry()));
        this.restart = Step.of(new RestartStrategy(restarter));
        this.fallback =
                Step.of(new FallbackStrategy(name -> recoveries.apply(name).fallback()));
    }

    void register(String errorType, RecoveryStrategy strategy) {
        put(Texts.name(errorType), strategy);
    }

    void register(ErrorCategory category, RecoveryStrategy strategy) {
        put(category, strategy);
    }

    void register(String component, String errorType, RecoveryStrategy strategy) {
        put(new ComponentAndType(Texts.name(component), Texts.name(errorType)), strategy);
    }

    /** One of the same name is replaced. */
    private void put(Object key, RecoveryStrategy strategy) {
        Step step = Step.of(strategy);
        registered.merge(key, List.of(step), (before, added) -> {
            List<Step> steps = new ArrayList<>(before);
            steps.removeIf(other -> other.name().equals(step.name()));
            steps.addAll(added);
            return List.copyOf(steps);
        });
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
        addTo(chain, defaults(error.severity()), error);
        return chain;
    }

    private List<Step> defaults(ErrorSeverity severity) {
        return switch (severity) {
            case LOW, MEDIUM -> List.of(retry, restart);
            case HIGH -> List.of(restart, fallback);
            case CRITICAL -> List.of(fallback);
        };
    }

    private static void addTo(List<Step> chain, List<Step> steps, ErrorRecord error) {
        for (Step step : steps) {
            if (!(step.restarts() && isNeverRestarted(error)) && canRecover(step, error)) {
                chain.add(step);
            }
        }
    }

    private static boolean isNeverRestarted(ErrorRecord error) {
        return error.category() == ErrorCategory.VALIDATION
                || error.category() == ErrorCategory.SECURITY
                || error.disposition() == Disposition.CANCELLED;
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
