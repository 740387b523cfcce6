package io.lynx.benchmarks.startup;

import io.lynx.benchmarks.harness.AotCache;
import io.lynx.benchmarks.harness.Child;
import io.lynx.benchmarks.harness.Machine;
import io.lynx.benchmarks.harness.Options;
import io.lynx.benchmarks.harness.Program;
import io.lynx.benchmarks.harness.Samples;
import io.lynx.benchmarks.harness.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Measures, in turn for us and for peers, the time from the start of the process to the first 200, and the resident memory
 * of a process that has served a little and then idled. Options: {@code --runs} (10), {@code --idle}, seconds before the
 * memory is read (5), {@code --only} with names of services.
 */
public final class StartupHarness {
    private static final int MEMORY_RUNS = 3;

    /** A service that is measured, and a path that it answers. */
    private record Service(Program program, String path) {}

    /** One service with one way to start it, and what was found. */
    private static final class Variant {
        final Service service;
        final String way;
        final List<String> options;
        final Samples first = new Samples();
        final Samples memory = new Samples();

        Variant(Service service, String way, String... options) {
            this.service = service;
            this.way = way;
            this.options = List.of(options);
        }

        void run(boolean readMemory, int idleSeconds) throws InterruptedException, IOException {
            try (Child child = Child.start(service.program(), options.toArray(String[]::new))) {
                first.addNanos(child.awaitAnswer(service.path()) - child.startedNanos());
                if (readMemory) {
                    Thread.sleep(idleSeconds * 1000L);
                    memory.add(child.residentMegabytes());
                }
                long _ = child.terminate();
                long _ = child.awaitGone();
            }
        }
    }

    private StartupHarness() {}

    /** Runs it. */
    public static void main(String[] args) throws InterruptedException {
        Options options = Options.of(args, "runs", "idle", "only");
        int runs = options.number("runs", 10);
        int idle = options.number("idle", 5);
        System.out.println(Machine.describe());
        List<Variant> variants = new ArrayList<>();
        for (Service service : services()) {
            if (options.includes(service.program().name())) {
                variants.addAll(variantsOf(service));
            }
        }
        for (int run = 0; run < runs; run++) {
            for (Variant variant : variants) {
                try {
                    variant.run(run < MEMORY_RUNS, idle);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        print(variants, runs, idle);
    }

    private static List<Service> services() {
        return List.of(
                new Service(Program.example("minimal"), "/hello/you"),
                new Service(Program.example("orders"), "/orders"),
                new Service(Program.peer("Vert.x", "vertx", "Main", "PORT", "virtual-threads"), "/hello"),
                new Service(Program.peer("Helidon SE", "helidon", "Main", "PORT"), "/hello"),
                new Service(Program.peer("Jetty", "jetty", "Main", "PORT"), "/hello"),
                new Service(Program.quarkus(), "/hello"),
                new Service(Program.peer("Micronaut", "micronaut", "Greetings"), "/hello"),
                new Service(Program.peer("Spring Boot", "spring-boot", "Main", "--server.port=PORT"), "/hello"));
    }

    private static List<Variant> variantsOf(Service service) throws InterruptedException {
        boolean own = service.program().name().startsWith("lynx");
        List<Variant> variants = new ArrayList<>();
        if (own) {
            variants.add(new Variant(service, "no class data sharing", "-Xshare:off"));
        }
        variants.add(new Variant(service, "default"));
        variants.add(new Variant(service, "AOT cache", train(service)));
        return variants;
    }

    /** Has the service run once, serve a little and stop, so that the JVM keeps what it has learnt. */
    private static String train(Service service) throws InterruptedException {
        return AotCache.train(service.program(), child -> {
            for (int i = 0; i < 10; i++) {
                long _ = child.awaitAnswer(service.path());
            }
            Thread.sleep(1_000);
            long _ = child.terminate();
            long _ = child.awaitGone();
        });
    }

    private static void print(List<Variant> variants, int runs, int idle) {
        Table table = new Table(
                "Process start to first 200, ms, median (least–greatest) of " + runs
                        + ", and resident memory, MB, after " + idle + " s, of " + Math.min(runs, MEMORY_RUNS),
                "service",
                "started",
                "first 200",
                "lynx minimal, compared with it",
                "memory");
        for (Variant variant : variants) {
            String ratio = variants.stream()
                    .filter(other ->
                            other.service.program().name().equals("lynx minimal") && other.way.equals(variant.way))
                    .map(other -> String.format(Locale.ROOT, "%.2f×", other.first.median() / variant.first.median()))
                    .findFirst()
                    .orElse("–");
            table.row(variant.service.program().name(), variant.way, variant.first, ratio, variant.memory);
        }
        table.print();
    }
}
