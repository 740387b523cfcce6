package io.lynx.admin;

import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakers;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A circuit breaker and the name under which operators know it, which is that of its metrics: its own, or {@code
 * recovery.<error type>} if it guards recoveries.
 */
record NamedBreaker(String name, CircuitBreaker breaker) {
    private static final String OF_RECOVERIES = "recovery.";

    /** Returns the breakers of an application and those of its recoveries, by name. */
    static List<NamedBreaker> all(CircuitBreakers breakers, CircuitBreakers ofRecoveries) {
        return Stream.concat(
                        breakers.all().stream().map(breaker -> new NamedBreaker(breaker.name(), breaker)),
                        ofRecoveries.all().stream().map(NamedBreaker::ofRecovery))
                .sorted(Comparator.comparing(NamedBreaker::name))
                .toList();
    }

    /** Returns the breaker of this name, if there is one; none is made. */
    static Optional<NamedBreaker> find(String name, CircuitBreakers breakers, CircuitBreakers ofRecoveries) {
        return breakers.find(name)
                .map(breaker -> new NamedBreaker(name, breaker))
                .or(() -> name.startsWith(OF_RECOVERIES)
                        ? ofRecoveries
                                .find(name.substring(OF_RECOVERIES.length()))
                                .map(NamedBreaker::ofRecovery)
                        : Optional.empty());
    }

    private static NamedBreaker ofRecovery(CircuitBreaker breaker) {
        return new NamedBreaker(OF_RECOVERIES + breaker.name(), breaker);
    }
}
