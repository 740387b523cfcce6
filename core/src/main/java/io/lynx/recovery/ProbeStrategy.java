package io.lynx.recovery;

import io.lynx.health.Health;
import io.lynx.health.HealthCheck;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks the health check that reported an error again, a few times with growing pauses: what was wrong outside may be over.
 * As it does nothing else, a check that goes on failing is a recovery not tried, rather than one that failed.
 */
final class ProbeStrategy implements RecoveryStrategy {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    static final int ATTEMPTS = 4;

    private final Function<String, @Nullable HealthCheck> checks;

    /**
     * A strategy.
     *
     * @param checks asks the check of that name; null if there is none
     */
    ProbeStrategy(Function<String, @Nullable HealthCheck> checks) {
        this.checks = checks;
    }

    @Override
    public String name() {
        return "probe";
    }

    @Override
    public boolean canRecover(String errorType, ErrorSeverity severity) {
        return false;
    }

    @Override
    public boolean canRecover(ErrorRecord record) {
        return check(record) != null;
    }

    @Override
    public RecoveryOutcome recover(RecoveryContext context) throws InterruptedException {
        HealthCheck check = check(context.record());
        if (check == null) {
            return RecoveryOutcome.skipped("the check is gone");
        }
        Duration pause = FIRST_PAUSE;
        for (int attempt = 1; ; attempt++) {
            Health health = ask(check);
            switch (health.status()) {
                case UP, DEGRADED -> {
                    return RecoveryOutcome.recovered();
                }
                case DOWN, OUT_OF_SERVICE, UNKNOWN -> {
                    if (attempt == ATTEMPTS || context.deadline().isExpired()) {
                        return RecoveryOutcome.skipped("the health check still fails: " + health.error());
                    }
                }
            }
            context.pause(pause);
            pause = pause.multipliedBy(2);
        }
    }

    private static Health ask(HealthCheck check) throws InterruptedException {
        try {
            return check.check();
        } catch (InterruptedException stop) {
            throw stop;
        } catch (Exception failure) {
            return Health.down(failure);
        }
    }

    private @Nullable HealthCheck check(ErrorRecord record) {
        return record.origin() instanceof ErrorOrigin.Check(String name, boolean mayPass) && mayPass
                ? checks.apply(name)
                : null;
    }

    @Override
    public Duration timeout() {
        return Duration.ofSeconds(30);
    }
}
