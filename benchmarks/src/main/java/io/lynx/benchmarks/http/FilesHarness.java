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
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Compares static files with those of nginx: files of 10,000 bytes, either server with one worker on the same processor, {@code wrk} on
 * another. Both are alive all the time, and the load changes between them every few seconds. Options: {@code --slices} of load for each
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
        Samples lynx = new Samples();
        Samples other = new Samples();
        Samples ratio = new Samples();
        double _ = thousands(wrk, ours.port(), warmup);
        double _ = thousands(wrk, nginx.port(), Math.min(warmup, seconds));
        for (int slice = 0; slice < slices; slice++) {
            boolean isFirst = slice % 2 == 0;
            double early = thousands(wrk, isFirst ? ours.port() : nginx.port(), seconds);
            double late = thousands(wrk, isFirst ? nginx.port() : ours.port(), seconds);
            lynx.add(isFirst ? early : late);
            other.add(isFirst ? late : early);
            ratio.add(isFirst ? early / late : late / early);
        }
        System.out.println(Machine.describe());
        Table table = new Table(
                SIZE + " bytes, ." + kind + ": median (least–greatest) of " + slices + " slices of " + seconds
                        + " s (the goal is 0.7 of nginx)",
                "server",
                "thousand files a second",
                "Lynx against it");
        table.row("Lynx", lynx, "1.00")
                .row("nginx", other, VariantLoad.ratio(ratio))
                .print();
    }

    private static double thousands(Wrk wrk, int port, int seconds) throws InterruptedException {
        return wrk.run(port, "/files/0", CONNECTIONS, seconds).perSecond() / 1000;
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
