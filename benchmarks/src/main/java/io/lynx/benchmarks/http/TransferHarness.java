package io.lynx.benchmarks.http;

import io.lynx.benchmarks.harness.Child;
import io.lynx.benchmarks.harness.Machine;
import io.lynx.benchmarks.harness.Options;
import io.lynx.benchmarks.harness.Program;
import io.lynx.benchmarks.harness.Table;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Measures the memory of large transfers: sends and receives {@code --megabytes} (1,000) in one request each, by HTTP/1.1 and HTTP/2, and
 * reads the resident memory of the service and its live objects while the bytes flow. Its heap of 64 MB is resident from the start, so
 * what is resident beyond that is outside of the heap. The client is {@code curl}.
 */
public final class TransferHarness {
    private static final long MEGA = 1_000_000;
    private static final long SAMPLE_MILLIS = 50;

    /** Samples of the resident memory between two of the live objects, for which the service collects garbage. */
    private static final int SAMPLES_BETWEEN = 10;

    private static final String[] HEAP = {"-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC"};

    private final Child child;
    private final HttpClient client;
    private final Path sparse;

    private TransferHarness(Child child, HttpClient client, Path sparse) {
        this.child = child;
        this.client = client;
        this.sparse = sparse;
    }

    /** What the process uses, in megabytes: its resident memory and its live objects, or the greatest of each that was seen. */
    private record Usage(double resident, double live) {
        Usage most(Usage other) {
            return new Usage(Math.max(resident, other.resident), Math.max(live, other.live));
        }
    }

    /** Runs it. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Options options = Options.of(args, "megabytes");
        long bytes = options.number("megabytes", 1_000) * MEGA;
        Program program = Program.service("transfer", TransferService.class)
                .with(
                        "--lynx.http.max_body_size=" + bytes / MEGA + "MB",
                        // A slow machine must not end a transfer.
                        "--lynx.http.request_timeout=0s");
        Path sparse = Files.createTempFile("lynx-transfer-", ".bin");
        Table table = new Table(
                bytes / MEGA + " MB in one request, megabytes of memory (the goal is 32 more than idle)",
                "transfer",
                "resident when idle",
                "more resident",
                "more live objects",
                "samples",
                "MB a second");
        try (Child child = Child.start(program, HEAP);
                HttpClient client = HttpClient.newHttpClient()) {
            TransferHarness harness = new TransferHarness(child, client, sparse);
            long _ = child.awaitAnswer("/memory");
            for (String version : List.of("--http1.1", "--http2-prior-knowledge")) {
                for (boolean isUpload : new boolean[] {false, true}) {
                    // The code of the transfer is loaded before what is idle is measured.
                    harness.transfer(version, isUpload, MEGA, null);
                    harness.transfer(version, isUpload, bytes, table);
                }
            }
            System.out.println(Machine.describe());
            table.print();
        } finally {
            Files.delete(sparse);
        }
    }

    /** Transfers so many bytes; adds a row to {@code table} unless it is null. */
    private void transfer(String version, boolean isUpload, long bytes, @Nullable Table table)
            throws IOException, InterruptedException {
        Usage idle = usage();
        Usage most = idle;
        int samples = 0;
        long began = System.nanoTime();
        Process curl = curl(version, isUpload, bytes);
        while (!curl.waitFor(SAMPLE_MILLIS, TimeUnit.MILLISECONDS)) {
            samples++;
            most = most.most(
                    samples % SAMPLES_BETWEEN == 0 ? usage() : new Usage(child.residentMegabytes(), most.live()));
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        requireWhole(curl, bytes);
        if (table != null) {
            Table _ = table.row(
                    (isUpload ? "upload, " : "download, ") + (version.equals("--http1.1") ? "HTTP/1.1" : "HTTP/2"),
                    text(idle.resident()),
                    text(most.resident() - idle.resident()),
                    text(most.live() - idle.live()),
                    samples,
                    text(bytes / seconds / MEGA));
        }
    }

    private Process curl(String version, boolean isUpload, long bytes) throws IOException {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", version, "-o", "/dev/null"));
        command.addAll(List.of("-w", "%{http_code} %{size_download} %{size_upload}"));
        String url = "http://127.0.0.1:" + child.port();
        if (isUpload) {
            try (RandomAccessFile file = new RandomAccessFile(sparse.toFile(), "rw")) {
                file.setLength(bytes);
            }
            command.addAll(List.of("-T", sparse.toString(), url + "/upload"));
        } else {
            command.add(url + "/download/" + bytes);
        }
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static void requireWhole(Process curl, long bytes) throws IOException {
        try (InputStream in = curl.getInputStream()) {
            String said = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            if (!said.matches("200 (" + bytes + " 0|\\d+ " + bytes + ")")) {
                throw new IOException("curl: exit code " + curl.exitValue() + ", status and bytes: " + said);
            }
        }
    }

    private Usage usage() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + child.port() + "/memory"))
                .build();
        String[] used = client.send(request, BodyHandlers.ofString()).body().split(" ");
        return new Usage(child.residentMegabytes(), Long.parseLong(used[0]) / (double) MEGA);
    }

    private static String text(double number) {
        return String.format(Locale.ROOT, "%.1f", number);
    }
}
