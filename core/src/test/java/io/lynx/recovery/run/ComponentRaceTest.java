package io.lynx.recovery.run;

import io.lynx.recovery.Classification.Disposition;
import io.lynx.recovery.ErrorCategory;
import io.lynx.recovery.ErrorOrigin;
import io.lynx.recovery.ErrorRecord;
import io.lynx.recovery.ErrorSeverity;
import io.lynx.recovery.classify.FingerprintCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whether a component's recovery takes its errors one at a time and loses none, in any interleaving. */
@Timeout(600)
public class ComponentRaceTest {
    /** Multiplies how far it goes. */
    private static final int FACTOR = Integer.getInteger("lynx.test.races", 1);

    private final Component component = new Component("a", new Component.Restarts(3, Duration.ofMinutes(5)));

    static RecordedError error(ErrorSeverity severity) {
        return error(severity, ErrorOrigin.component());
    }

    static RecordedError error(ErrorSeverity severity, ErrorOrigin origin) {
        ErrorRecord record = new ErrorRecord(
                "e",
                Instant.EPOCH,
                "database",
                ErrorCategory.DATABASE,
                severity,
                Disposition.UNKNOWN,
                "",
                "a",
                origin,
                "",
                null,
                null,
                Map.of(),
                null,
                null,
                "",
                "",
                1,
                false,
                null);
        return new RecordedError(record, new FingerprintCounts().of(1, 0));
    }

    private static int urgency(ErrorSeverity severity) {
        return RecoveryPolicy.ofError(error(severity).record());
    }

    @Operation
    public String low() {
        return component
                .offer(urgency(ErrorSeverity.LOW), () -> error(ErrorSeverity.LOW))
                .name();
    }

    @Operation
    public String high() {
        return component
                .offer(urgency(ErrorSeverity.HIGH), () -> error(ErrorSeverity.HIGH))
                .name();
    }

    /** Looks again when a worse error has come between, as the lane does. */
    @Operation(nonParallelGroup = "lane")
    public String dispatch() {
        while (component.state() instanceof Component.Queued queued) {
            if (component.change(queued, new Component.Running(queued.error(), null))) {
                return queued.error().record().severity().label();
            }
        }
        return "";
    }

    @Operation(nonParallelGroup = "lane")
    public String land() {
        return component.state() instanceof Component.Running
                ? component.ended(null).getClass().getSimpleName()
                : "";
    }

    @Operation(nonParallelGroup = "lane")
    public boolean cool() {
        return component.cooled();
    }

    @Test
    void isLinearizableInAnyInterleaving() {
        new ModelCheckingOptions()
                .iterations(8 * FACTOR)
                .invocationsPerIteration(300)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(2)
                .actorsAfter(2)
                .check(ComponentRaceTest.class);
    }

    @Test
    void isLinearizableOnRealThreads() {
        new StressOptions()
                .iterations(3 * FACTOR)
                .invocationsPerIteration(1_000)
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(2)
                .actorsAfter(2)
                .check(ComponentRaceTest.class);
    }
}
