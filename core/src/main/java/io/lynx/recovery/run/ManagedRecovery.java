package io.lynx.recovery.run;

import io.lynx.extension.Registration;
import io.lynx.health.Health;
import io.lynx.health.HealthStatus;
import io.lynx.recovery.ComponentRecovery;
import io.lynx.recovery.ErrorCategory;
import io.lynx.recovery.ErrorClassifier;
import io.lynx.recovery.ErrorRecord;
import io.lynx.recovery.ErrorRecoveryConfig;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.recovery.ErrorReport;
import io.lynx.recovery.ErrorSeverity;
import io.lynx.recovery.ErrorStats;
import io.lynx.recovery.ErrorStats.HealthReport;
import io.lynx.recovery.RecoveryCloseReport;
import io.lynx.recovery.RecoveryEvent;
import io.lynx.recovery.RecoveryRecord;
import io.lynx.recovery.RecoveryStrategy;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The manager as its users see it, in the form that may be closed or the one that is shared. Thread-safe. */
final class ManagedRecovery implements ErrorRecoveryManager {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final RecoveryEngine engine;
    private final boolean isShared;

    ManagedRecovery(RecoveryEngine engine, boolean isShared) {
        this.engine = engine;
        this.isShared = isShared;
    }

    RecoveryEngine engine() {
        return engine;
    }

    @Override
    public ErrorRecoveryManager shared() {
        return new ManagedRecovery(engine, true);
    }

    @Override
    public void apply(ErrorRecoveryConfig changed) {
        engine.apply(changed);
    }

    @Override
    public void recordError(
            @Nullable String errorType,
            @Nullable String message,
            @Nullable String component,
            @Nullable ErrorSeverity severity,
            @Nullable Map<String, ?> context) {
        engine.recorder().record(component, errorType, message, severity, context);
    }

    @Override
    public void recordError(@Nullable String component, @Nullable Throwable throwable) {
        recordError(ErrorReport.builder(component).throwable(throwable).build());
    }

    @Override
    public void recordError(ErrorReport report) {
        engine.recorder().record(report);
    }

    @Override
    public ErrorClassifier classifier() {
        return engine.classifier();
    }

    @Override
    public Registration registerRecoveryStrategy(String errorType, RecoveryStrategy strategy) {
        return engine.strategies().register(errorType, strategy);
    }

    @Override
    public Registration registerRecoveryStrategy(ErrorCategory category, RecoveryStrategy strategy) {
        return engine.strategies().register(category, strategy);
    }

    @Override
    public Registration registerRecoveryStrategy(String component, String errorType, RecoveryStrategy strategy) {
        return engine.strategies().register(component, errorType, strategy);
    }

    @Override
    public List<RecoveryStrategy.RegisteredStrategy> registeredStrategies() {
        return engine.strategies().registered();
    }

    @Override
    public Registration registerComponent(String component, ComponentRecovery recovery) {
        return engine.components().register(component, recovery);
    }

    @Override
    public boolean resetComponent(String component) {
        return engine.quarantine().reset(component);
    }

    @Override
    public void checkHealed(String component, String check) {
        engine.quarantine().healed(component, check);
    }

    @Override
    public boolean isParked(String component) {
        Component known = engine.components().find(component);
        return known != null && known.isParked();
    }

    @Override
    public Registration addListener(String name, Consumer<? super RecoveryEvent> consumer) {
        return engine.notifier().add(name, consumer);
    }

    @Override
    public CircuitBreakers breakers() {
        return engine.breakers();
    }

    @Override
    public ErrorStats errorStats() {
        return engine.reports().errorStats();
    }

    @Override
    public Map<String, Map<ErrorSeverity, Long>> errorCounts() {
        return engine.reports().errorCounts();
    }

    @Override
    public ErrorStats.Totals totals() {
        return engine.totals();
    }

    @Override
    public List<ErrorRecord> recentErrors(int limit) {
        return engine.reports().recentErrors(limit);
    }

    @Override
    public List<RecoveryRecord> recentRecoveries(int limit) {
        return engine.log().newest(limit);
    }

    @Override
    public HealthReport healthReport() {
        RecoveryReports.Finding finding = engine.reports().findAll();
        ErrorRecoveryConfig config = engine.config();
        return new HealthReport(
                finding.status(),
                finding.reasons(),
                errorStats(),
                config.errorThreshold(),
                config.recoveryTimeout(),
                config.maxErrorHistory());
    }

    @Override
    public Health checkHealth() {
        RecoveryReports.Finding finding = engine.reports().find();
        return finding.status() == HealthStatus.UP
                ? Health.up()
                : new Health(
                        finding.status(), String.join("; ", finding.reasons()), Map.of("reasons", finding.reasons()));
    }

    @Override
    public boolean isHealthy() {
        return engine.reports().findAll().status() != HealthStatus.DOWN;
    }

    @Override
    public void close() {
        RecoveryCloseReport _ = close(Deadline.after(CLOSE_TIMEOUT, engine.ticker()));
    }

    @Override
    public RecoveryCloseReport close(Deadline deadline) {
        if (isShared) {
            throw new IllegalStateException("lynx.recovery: shared by the application; only the application closes it");
        }
        return engine.shutdown().close(deadline);
    }
}
