package io.lynx.benchmarks.client;

import io.lynx.benchmarks.harness.Options;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The process of the clients: each in turn calls the server from 64 virtual threads, and a line says how much it did. The lines
 * are {@code slice NAME THOUSAND_A_SECOND MICROS_OF_PROCESSOR_TIME TAIL_MILLIS}.
 */
public final class ClientLoad {
    /** Callers at a time, and connections at most. */
    static final int CONNECTIONS = 64;

    /** The first word of a line with a result. */
    static final String LINE = "slice";

    /** The first word of the line that follows the warm-up of a client. */
    static final String WARM = "warm";

    private static final String PATH = "/loop/hello";
    private static final double TAIL = 0.99;

    private ClientLoad() {}

    /** Runs it; see {@link ClientHarness} for its options. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Options options = Options.of(args, "port", "rounds", "seconds", "warmup", "only", "protocol");
        int port = Integer.parseInt(options.required("port"));
        Map<String, Caller> callers = new LinkedHashMap<>();
        for (String name : ClientHarness.names(options)) {
            callers.put(name, caller(name, port));
        }
        int warmup = options.number("warmup", 20);
        for (Map.Entry<String, Caller> each : callers.entrySet()) {
            Slice _ = run(each.getValue(), warmup);
            System.out.println(WARM + " " + each.getKey());
        }
        for (int round = 0; round < options.number("rounds", 8); round++) {
            for (Map.Entry<String, Caller> each : callers.entrySet()) {
                Slice slice = run(each.getValue(), options.number("seconds", 3));
                System.out.println(LINE + " " + each.getKey() + " " + slice);
            }
        }
        for (Caller caller : callers.values()) {
            caller.close();
        }
        System.out.println("end");
    }

    private static Caller caller(String name, int port) {
        return switch (name) {
            case ClientHarness.LYNX -> Caller.lynx(port, PATH);
            case ClientHarness.JDK -> Caller.jdk(port, PATH);
            case ClientHarness.APACHE -> Caller.apache(port, PATH);
            case ClientHarness.LYNX_GRPC -> GrpcCallers.lynx(port);
            case ClientHarness.GRPC_JAVA -> GrpcCallers.peer(port);
            default -> throw new IllegalArgumentException("client: '" + name + "'");
        };
    }

    /**
     * What one client did.
     *
     * @param micros of processor time of this process for each call
     */
    private record Slice(double thousands, double micros, double tailMillis) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.3f %.3f %.3f", thousands, micros, tailMillis);
        }
    }

    private static Slice run(Caller caller, int seconds) throws InterruptedException {
        long cpu = cpuNanos();
        long begun = System.nanoTime();
        long end = begun + seconds * 1_000_000_000L;
        AtomicLong calls = new AtomicLong();
        ConcurrentLinkedQueue<Latencies> latencies = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        CountDownLatch running = new CountDownLatch(CONNECTIONS);
        for (int i = 0; i < CONNECTIONS; i++) {
            Thread _ = Thread.ofVirtual().start(() -> {
                Latencies own = new Latencies();
                try {
                    for (long now = System.nanoTime(); now < end; ) {
                        int _ = caller.call();
                        long after = System.nanoTime();
                        own.add(after - now);
                        now = after;
                    }
                } catch (IOException | InterruptedException | RuntimeException failed) {
                    failures.add(failed);
                } finally {
                    long _ = calls.addAndGet(own.count());
                    latencies.add(own);
                    running.countDown();
                }
            });
        }
        running.await();
        if (!failures.isEmpty()) {
            throw new IllegalStateException("a call failed", failures.peek());
        }
        double took = (System.nanoTime() - begun) / 1e9;
        double used = (cpuNanos() - cpu) / 1e3;
        List<Latencies> all = new ArrayList<>(latencies);
        return new Slice(calls.get() / took / 1000, used / calls.get(), Latencies.percentile(all, TAIL) / 1e6);
    }

    private static long cpuNanos() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    }
}
