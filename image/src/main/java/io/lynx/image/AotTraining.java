package io.lynx.image;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Records an AOT cache: runs the service once in the unpacked image, where paths and file times are those that the JVM compares
 * later, lets it serve requests, and shuts it down.
 */
final class AotTraining {
    /** Where the files of a training are, in the image: the only writable folder. */
    private static final String FILES = "/tmp/aot";

    private static final Pattern URL = Pattern.compile("http://[^\\s/:]+:(\\d+)");
    private static final int MINUTES = 3;

    /** Makes the folders of the kernel available, and enters the root in the working directory of the image. */
    private static final String ENTER = """
            root=$1 home=$2; shift 2
            mount --rbind /proc "$root/proc"
            mount --rbind /dev "$root/dev"
            exec unshare --root="$root" --wd="$home" "$@"
            """;

    private final Path root;
    private final Path log;
    private final PackagedService service;

    /** Creates a training in an unpacked image; what the service writes goes to {@code log}. */
    AotTraining(Path root, Path log, PackagedService service) {
        this.root = root;
        this.log = log;
        this.service = service;
    }

    /**
     * Trains and returns the cache.
     *
     * @param paths the paths that are requested, on each port that the service reports
     * @param variables environment variables of the service
     */
    Path train(List<String> paths, Map<String, String> variables)
            throws IOException, ImageException, InterruptedException {
        Path cache = root.resolve(FILES.substring(1) + ".cache");
        try (PrintWriter writer = new PrintWriter(Files.newBufferedWriter(log))) {
            run(List.of("-XX:AOTMode=record", "-XX:AOTConfiguration=" + FILES), variables, writer, paths);
            run(
                    List.of("-XX:AOTMode=create", "-XX:AOTConfiguration=" + FILES, "-XX:AOTCache=" + FILES + ".cache"),
                    Map.of(),
                    writer,
                    List.of());
        }
        if (!Files.exists(cache)) {
            throw failure("no AOT cache was written");
        }
        return cache;
    }

    private void run(List<String> flags, Map<String, String> variables, PrintWriter writer, List<String> paths)
            throws IOException, ImageException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command(flags)).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> !name.equals("PATH"));
        environment.putAll(Map.of("LYNX_HTTP_PORT", "0", "LYNX_METRICS_PORT", "0", "LYNX_LOG_FORMAT", "text"));
        environment.putAll(variables);
        Process process = builder.start();
        CompletableFuture<Void> deadline = CompletableFuture.runAsync(
                process::destroyForcibly, CompletableFuture.delayedExecutor(MINUTES, TimeUnit.MINUTES));
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            Set<Integer> ports = new TreeSet<>();
            boolean isReady = false;
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                writer.println(line);
                URL.matcher(line).results().forEach(url -> ports.add(Integer.valueOf(url.group(1))));
                if (!isReady && line.contains(" ready ms=")) {
                    isReady = true;
                    ports.forEach(port -> paths.forEach(path -> request(port, path)));
                    // Unlike that of the process, the method of its handle leaves the output open.
                    boolean _ = process.toHandle().destroy();
                }
            }
            int code = process.waitFor();
            writer.println("exit code " + code);
            if (!isReady && code != 0) {
                throw failure("the training run ended with exit code " + code);
            }
        } finally {
            deadline.cancel(false);
            process.destroyForcibly();
        }
    }

    private List<String> command(List<String> flags) throws IOException {
        boolean isRoot = Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=TERM", "unshare", "--mount"));
        if (!isRoot) {
            command.add("--map-root-user");
        }
        command.addAll(List.of("sh", "-euc", ENTER, "sh", root.toString(), PackagedService.HOME));
        if (isRoot) {
            command.addAll(List.of("--setgid=" + DebianRoot.USER, "--setuid=" + DebianRoot.USER));
        }
        command.addAll(service.command(flags));
        return command;
    }

    /** What is answered does not matter. */
    private static void request(int port, String path) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5_000);
            String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.getInputStream().readAllBytes();
        } catch (IOException _) {
            // A port that refuses a request teaches nothing, and does no harm.
        }
    }

    private ImageException failure(String problem) {
        return new ImageException(
                "AOT training: " + problem + "; see " + log
                        + ". A service that needs others gets their addresses by --training-env; --no-aot makes an image without a cache");
    }
}
