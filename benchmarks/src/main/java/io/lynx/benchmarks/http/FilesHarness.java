package io.lynx.benchmarks.http;

import io.lynx.benchmarks.harness.Child;
import io.lynx.benchmarks.harness.Machine;
import io.lynx.benchmarks.harness.Options;
import io.lynx.benchmarks.harness.Program;
import io.lynx.benchmarks.harness.Samples;
import io.lynx.benchmarks.harness.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Compares static files with those of nginx: files of 10,000 bytes, either server with one worker on the same processor, {@code wrk} on
 * another. Both are alive all the time, and the load changes between them every few seconds. Where other processes need the processor too,
 * the processor time that each takes for a file compares them better than their rates. Options: {@code --slices} of load for each
 * (6), {@code --seconds} of a slice (3), {@code --warmup} seconds before (15), {@code --kind}, {@code png} (the default) or {@code js}, for
 * which both servers look for a compressed variant too, which is not there.
 */
public final class FilesHarness {
    private static final int COUNT = 100;
    private static final int SIZE = 10_000;
    private static final int CONNECTIONS = 64;
    private static final String HEAP = "-Xmx512m";

    private FilesHarness() {}

    /** Runs it. */
    public static void main(String[] args) throws InterruptedException, IOException {
        Options options = Options.of(args, "slices", "seconds", "warmup", "kind");
        String kind = options.text("kind", "png");
        Path folder = Files.createTempDirectory("lynx-files-");
        try {
            Path files = write(folder, kind);
            Program lynx =
                    Program.service("Lynx", FileService.class).withOption("-D" + FileService.DIRECTORY + "=" + files);
            try (Child ours = Child.startOn(0, lynx, HEAP);
                    Nginx nginx = Nginx.startOn(0, folder, files)) {
                long _ = ours.awaitAnswer("/health/live");
                measure(options, kind, Wrk.on(1, script(folder, kind)), ours, nginx);
            }
        } finally {
            delete(folder);
        }
    }

    private static void measure(Options options, String kind, Wrk wrk, Child ours, Nginx nginx)
            throws InterruptedException {
        int slices = options.number("slices", 6);
        int seconds = options.number("seconds", 3);
        int warmup = options.number("warmup", 15);
        Server lynx = new Server("Lynx", ours.port(), ours::cpu);
        Server other = new Server("nginx", nginx.port(), nginx::cpu);
        Samples speed = new Samples();
        Samples capacity = new Samples();
        Slice _ = lynx.load(wrk, warmup);
        Slice _ = other.load(wrk, Math.min(warmup, seconds));
        for (int slice = 0; slice < slices; slice++) {
            boolean isFirst = slice % 2 == 0;
            Slice early = (isFirst ? lynx : other).measure(wrk, seconds);
            Slice late = (isFirst ? other : lynx).measure(wrk, seconds);
            Slice mine = isFirst ? early : late;
            Slice nginxSlice = isFirst ? late : early;
            speed.add(mine.thousands() / nginxSlice.thousands());
            capacity.add(nginxSlice.micros() / mine.micros());
        }
        System.out.println(Machine.describe());
        Table table = new Table(
                SIZE + " bytes, ." + kind + ": median (least–greatest) of " + slices + " slices of " + seconds
                        + " s (the goal is 0.7 of nginx)",
                "server",
                "thousand files a second",
                "Lynx against it",
                "processor time for each, µs",
                "Lynx against it");
        table.row(lynx.name, lynx.thousands, "1.00", lynx.micros, "1.00")
                .row(other.name, other.thousands, VariantLoad.ratio(speed), other.micros, VariantLoad.ratio(capacity))
                .print();
    }

    /**
     * The load of a few seconds.
     *
     * @param thousands of files a second
     * @param micros of processor time that the server took for each
     */
    private record Slice(double thousands, double micros) {}

    /** One of the two servers, with its results. */
    private static final class Server {
        private final String name;
        private final int port;
        private final Supplier<Duration> cpu;
        private final Samples thousands = new Samples();
        private final Samples micros = new Samples();

        Server(String name, int port, Supplier<Duration> cpu) {
            this.name = name;
            this.port = port;
            this.cpu = cpu;
        }

        Slice load(Wrk wrk, int seconds) throws InterruptedException {
            Duration before = cpu.get();
            Wrk.Load load = wrk.run(port, "/files/0", CONNECTIONS, seconds);
            Duration used = cpu.get().minus(before);
            return new Slice(load.perSecond() / 1000, used.toNanos() / 1000.0 / load.answers());
        }

        Slice measure(Wrk wrk, int seconds) throws InterruptedException {
            Slice slice = load(wrk, seconds);
            thousands.add(slice.thousands());
            micros.add(slice.micros());
            return slice;
        }
    }

    private static Path write(Path folder, String kind) throws IOException {
        Path files = Files.createDirectory(folder.resolve("files"));
        byte[] content = new byte[SIZE];
        for (int i = 0; i < COUNT; i++) {
            new Random(i).nextBytes(content);
            Files.write(files.resolve(i + "." + kind), content);
        }
        return files;
    }

    /** Returns a script that requests each of the files in turn. */
    private static Path script(Path folder, String kind) throws IOException {
        return Files.writeString(folder.resolve("files.lua"), """
                local requests = {}
                local at = 0
                init = function()
                    for i = 0, COUNT - 1 do
                        requests[i] = wrk.format("GET", "/files/" .. i .. ".KIND")
                    end
                end
                request = function()
                    at = (at + 1) % COUNT
                    return requests[at]
                end
                """.replace("COUNT", String.valueOf(COUNT))
                .replace("KIND", kind));
    }

    private static void delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> walked = Files.walk(folder)) {
            all = walked.toList().reversed();
        }
        for (Path path : all) {
            boolean _ = Files.deleteIfExists(path);
        }
    }
}
