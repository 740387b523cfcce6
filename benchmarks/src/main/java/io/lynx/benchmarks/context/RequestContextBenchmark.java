package io.lynx.benchmarks.context;

import io.lynx.context.ContextSource;
import io.lynx.context.RequestContext;
import io.lynx.context.RequestScope;
import io.lynx.context.TraceContext;
import io.lynx.time.Deadline;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Measures what the context adds to a request: nothing reads it in {@code bind}, which is the case of most requests; the others add
 * what reads it. The difference to {@code call} counts. Run with {@code -prof gc} for the allocations, and with {@code -jvmArgs
 * -Djmh.executor=VIRTUAL} for virtual threads.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RequestContextBenchmark {
    private static final Map<String, List<String>> HEADERS = Map.of(
            "x-request-id", List.of("4f2a-91"),
            "traceparent", List.of("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));

    /** As a server's request: headers that are read when they are needed. */
    private static final class Headers implements ContextSource {
        private final Map<String, List<String>> values;

        Headers(Map<String, List<String>> values) {
            this.values = values;
        }

        @Override
        public List<String> headers(String name) {
            return values.getOrDefault(name, List.of());
        }

        @Override
        public String operation() {
            return "GET /test";
        }

        @Override
        public String newRequestId() {
            return "4f2a-92";
        }

        @Override
        public Optional<Deadline> answerBy() {
            return Optional.empty();
        }

        @Override
        public void ignored(String header) {}
    }

    private final ContextSource plain = new Headers(Map.of());
    private final ContextSource traced = new Headers(HEADERS);
    private final Blackhole[] hole = new Blackhole[1];
    // Made once, since what a server binds the context for exists anyway.
    private final Runnable handler = this::handle;
    private final Runnable idReader = this::readId;
    private final Runnable traceReader = this::readTrace;

    private void handle() {
        hole[0].consume(1);
    }

    private void readId() {
        hole[0].consume(RequestContext.current().requestId());
    }

    private void readTrace() {
        hole[0].consume(RequestContext.current().trace().map(TraceContext::traceId));
    }

    /** The handler alone. */
    @Benchmark
    public void call(Blackhole blackhole) {
        hole[0] = blackhole;
        handler.run();
    }

    /** The handler in a context of its own. */
    @Benchmark
    public void bind(Blackhole blackhole) {
        hole[0] = blackhole;
        RequestScope scope = RequestScope.of(plain);
        scope.run(handler);
        scope.end();
    }

    /** A handler that reads the id, which is made for it. */
    @Benchmark
    public void bindAndMakeAnId(Blackhole blackhole) {
        hole[0] = blackhole;
        RequestScope scope = RequestScope.of(plain);
        scope.run(idReader);
        scope.end();
    }

    /** A handler that reads the trace, which is parsed for it. */
    @Benchmark
    public void bindAndParseTheTrace(Blackhole blackhole) {
        hole[0] = blackhole;
        RequestScope scope = RequestScope.of(traced);
        scope.run(traceReader);
        scope.end();
    }

    /** The look-up outside of a request, which events and log lines make. */
    @Benchmark
    public RequestContext currentOutsideOfARequest() {
        return RequestContext.current();
    }
}
