package io.lynx.benchmarks.client;

import io.lynx.benchmarks.harness.Child;
import io.lynx.benchmarks.harness.Machine;
import io.lynx.benchmarks.harness.Options;
import io.lynx.benchmarks.harness.Program;
import io.lynx.benchmarks.harness.Table;
import io.lynx.http.client.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Calls three backends at a steady rate with the defaults of the client, and lets one of them fail: {@code dead} refuses
 * connections, {@code hanging} does not answer, {@code slow} takes half a second longer. Options: {@code --rate} calls a second
 * (1,000), {@code --seconds} of each measurement (10), {@code --warmup} seconds before (10), {@code --only} with names of
 * failures.
 */
public final class BackendsHarness {
    private static final int BACKENDS = 3;
    private static final int GRACE = 2;
    private static final int SLOWER_MILLIS = 500;
    private static final int FOREVER_MILLIS = 3_600_000;
    private static final double MOST_FAILURES = 0.001;
    private static final double LONGEST_TAIL = 1.5;

    private final Options options;
    private final Table table = new Table(
            "Three backends, one of which fails: 99 % of the calls within, ms, and the share that failed",
            "failure",
            "calls healthy, then failing",
            "healthy",
            "failing, after 2 s",
            "ratio (goal: at most 1.5)",
            "failed in the first 2 s",
            "failed after 2 s (goal: at most 0.1 %)",
            "goals");

    private BackendsHarness(Options options) {
        this.options = options;
    }

    /** Runs it. */
    public static void main(String[] args) throws InterruptedException {
        Options options = Options.of(args, "rate", "seconds", "warmup", "only");
        BackendsHarness harness = new BackendsHarness(options);
        for (String failure : List.of("dead", "hanging", "slow")) {
            if (options.includes(failure)) {
                harness.measure(failure);
            }
        }
        System.out.println(Machine.describe());
        harness.table.print();
    }

    private void measure(String failure) throws InterruptedException {
        List<Child> backends = new ArrayList<>();
        try {
            for (int i = 0; i < BACKENDS; i++) {
                backends.add(
                        Child.start(Program.service("backend", BackendService.class), "-Xmx128m", "-XX:+UseSerialGC"));
            }
            for (Child backend : backends) {
                long _ = backend.awaitAnswer("/work");
            }
            String[] addresses = backends.stream()
                    .map(backend -> "127.0.0.1:" + backend.port())
                    .toArray(String[]::new);
            try (HttpClient client = HttpClient.builder("backends")
                    .url("http://backends.internal")
                    .addresses(addresses)
                    .build()) {
                measure(failure, client, backends.getFirst());
            }
        } finally {
            backends.forEach(Child::close);
        }
    }

    private void measure(String failure, HttpClient client, Child victim) throws InterruptedException {
        int seconds = options.number("seconds", 10);
        SteadyCalls calls = new SteadyCalls(client, "/work", options.number("rate", 1_000));
        Phase _ = calls.run(options.number("warmup", 10));
        Phase healthy = calls.run(seconds);
        switch (failure) {
            case "dead" -> victim.close();
            case "hanging" -> delay(victim, FOREVER_MILLIS);
            default -> delay(victim, BackendService.HEALTHY_MILLIS + SLOWER_MILLIS);
        }
        Phase first = calls.run(GRACE);
        Phase failing = calls.run(seconds);
        healthy.awaitEnd();
        first.awaitEnd();
        failing.awaitEnd();
        double ratio = failing.tailMillis() / healthy.tailMillis();
        boolean isReached = ratio <= LONGEST_TAIL && failing.failureShare() <= MOST_FAILURES;
        table.row(
                failure,
                healthy.calls() + ", " + failing.calls(),
                decimals(healthy.tailMillis()),
                decimals(failing.tailMillis()),
                decimals(ratio),
                percent(first.failureShare()),
                percent(failing.failureShare()),
                isReached ? "reached" : "missed");
    }

    private static void delay(Child backend, int millis) {
        try (HttpClient client = HttpClient.builder("control")
                .url("http://127.0.0.1:" + backend.port())
                .build()) {
            client.post("/delay/{millis}", millis).send().orThrow();
        }
    }

    private static String decimals(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.3f %%", 100 * share);
    }
}
