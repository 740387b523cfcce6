package io.lynx.benchmarks.recovery;

import io.lynx.recovery.ComponentRecovery;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.recovery.ErrorSeverity;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures what one {@code recordError} costs its caller: alone, and while another thread records a thousand errors a second of
 * other components, whose recoveries run. Sample time, for the distribution: most calls only count, one in a hundred
 * makes a full record.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RecordErrorBenchmark {
    private static final int COMPONENTS = 50;

    /** The number of errors per second that another thread records. */
    @Param({"0", "1000"})
    public int background;

    private final Map<String, Object> context = Map.of("timeout", "5s", "retries", 3);
    private final SQLException thrownBefore = new SQLException("connection lost", "08006");
    private ErrorRecoveryManager manager = ErrorRecoveryManager.builder().build();
    private @Nullable Thread recorder;
    private volatile boolean running;

    /** Starts the other thread. */
    @Setup(Level.Trial)
    public void start() {
        manager = ErrorRecoveryManager.builder().build();
        for (int i = 0; i < COMPONENTS; i++) {
            manager.registerComponent(
                    "beside-" + i,
                    ComponentRecovery.builder()
                            .retry(_ -> LockSupport.parkNanos(1_000_000))
                            .build());
        }
        running = true;
        if (background > 0) {
            recorder = Thread.ofPlatform().daemon().start(this::record);
        }
    }

    private void record() {
        long next = System.nanoTime();
        for (int i = 0; running; i++) {
            manager.recordError("network", "reset by peer", "beside-" + i % COMPONENTS, ErrorSeverity.MEDIUM, null);
            next += 1_000_000_000L / background;
            while (next - System.nanoTime() > 0) {
                LockSupport.parkNanos(next - System.nanoTime());
            }
        }
    }

    /** Stops the other thread. */
    @TearDown(Level.Trial)
    public void stop() throws InterruptedException {
        running = false;
        Thread beside = recorder;
        if (beside != null) {
            beside.join();
        }
        System.out.println("recoveries: " + manager.errorStats().recoveryStats() + ", " + manager.totals());
        manager.close();
    }

    /** Records an error with its type and message. */
    @Benchmark
    public void message() {
        manager.recordError("database", "connection timeout", "mysql-plugin", ErrorSeverity.MEDIUM, context);
    }

    /** Records an exception that was logged before, so that its stack trace exists. */
    @Benchmark
    public void exceptionThrownBefore() {
        manager.recordError("mysql-plugin", thrownBefore);
    }

    /** Records a new exception; the time includes its creation. */
    @Benchmark
    public void newException() {
        manager.recordError("mysql-plugin", new SQLException("connection lost", "08006"));
    }

    /** Creates an exception, for comparison. */
    @Benchmark
    public Throwable newExceptionAlone() {
        return new SQLException("connection lost", "08006");
    }
}
