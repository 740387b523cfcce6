package io.lynx.systemtest.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.lynx.systemtest.Services;
import io.lynx.systemtest.process.DebianPackages;
import io.lynx.systemtest.process.Launch;
import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.systemtest.process.Signal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The image of an example runs without a container runtime: unpacked, read-only, and as a user without rights. */
@Timeout(600)
final class ImageTest {
    /** Makes the root read-only except /tmp, as {@code docker run --read-only} does, and becomes the user of the image. */
    private static final String CONTAINER = """
            root=$1 home=$2 user=$3; shift 3
            mount --bind "$root" "$root"
            mount -o remount,bind,ro "$root"
            mount --rbind /proc "$root/proc"
            mount --rbind /dev "$root/dev"
            mount -t tmpfs tmpfs "$root/tmp"
            exec unshare --root="$root" --wd="$home" --setgid="${user#*:}" --setuid="${user%:*}" "$@"
            """;

    private static final Map<String, String> VARIABLES = Map.of(
            "LYNX_HTTP_PORT", "0",
            "LYNX_METRICS_PORT", "0",
            // Without a cache that fits, the JVM does not start.
            "JDK_JAVA_OPTIONS", "-XX:AOTMode=on");

    @TempDir
    private static Path folder;

    private static Image image;
    /** The same service, made from the beginning in another folder. */
    private static Image again;

    /** Makes both at once: each keeps little more than one processor busy. */
    @BeforeAll
    @Timeout(600)
    static void makeImages() throws Exception {
        assumeFalse(Boolean.getBoolean(DebianPackages.OFFLINE), "the packages of Debian are needed");
        FutureTask<Image> second = new FutureTask<>(
                () -> ImageMaker.make(folder.resolve("second"), folder.resolve("other-work"), "--no-aot"));
        Thread _ = Thread.ofPlatform().daemon().start(second);
        image = ImageMaker.make(folder.resolve("first"), folder.resolve("work"), "--train", "/hello/aot");
        again = second.get();
    }

    @Test
    void runsReadOnlyAsAUserWithoutRightsAndShutsDown() throws Exception {
        assumeTrue(isRoot(), "only root can enter another root folder");
        Path root = folder.resolve("root");
        image.unpack(root);
        try (ServiceProcess service = start(root);
                HttpClient client = HttpClient.newHttpClient()) {
            int port = Services.awaitHttp(service).getPort();
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/hello/Ada"))
                            .timeout(Duration.ofSeconds(20))
                            .build(),
                    BodyHandlers.ofString());

            assertThat(answer.body()).isEqualTo("Hello, Ada");
            Path process = Path.of("/proc", Long.toString(service.pid()));
            assertThat(Files.readString(process.resolve("status")))
                    .contains("Uid:\t10001\t10001", "Gid:\t10001\t10001");
            assertThat(Files.readAllLines(process.resolve("mountinfo")))
                    .anyMatch(line -> line.split(" ")[4].equals("/") && line.split(" ")[5].startsWith("ro"));

            long _ = service.signal(Signal.TERM);

            assertThat(service.awaitExit().code()).isEqualTo(Signal.TERM.exitCode());
            assertThat(service.output().text())
                    .contains("\"message\":\"Stopped\"")
                    .doesNotContain("WARN");
        }
    }

    private static ServiceProcess start(Path root) throws IOException {
        JsonNode config = image.config().path("config");
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "--mount",
                "sh",
                "-euc",
                CONTAINER,
                "sh",
                root.toString(),
                config.path("WorkingDir").asText(),
                config.path("User").asText()));
        command.addAll(image.command());
        Path directory = Files.createDirectory(folder.resolve("process"));
        return Launch.program(directory, VARIABLES, command.toArray(String[]::new));
    }

    private static boolean isRoot() throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    @Test
    void declaresWhatAContainerNeeds() {
        JsonNode config = image.config().path("config");

        assertThat(config.path("User").asText()).isEqualTo("10001:10001");
        assertThat(config.path("Volumes").has("/tmp")).isTrue();
        assertThat(config.path("ExposedPorts").has("8080/tcp")).isTrue();
        assertThat(config.path("ExposedPorts").has("9090/tcp")).isTrue();
        assertThat(image.command()).contains("-XX:AOTCache=/app/minimal.aot", "-XX:+ExitOnOutOfMemoryError");
    }

    @Test
    void everyLayerButTheCacheHasTheSameDigestAgain() {
        assertThat(image.report().lines().map(line -> line.replaceFirst("  .*", "")))
                .containsSubsequence("root", "runtime", "libraries", "lynx", "service", "AOT cache", "total");
        assertThat(again.digests())
                .hasSize(5)
                .isEqualTo(image.digests().subList(0, 5))
                .allSatisfy(digest -> assertThat(image.report()).contains("sha256:" + digest));
    }

    @Test
    void addsTheSameLayersToAnImageOfARegistry() throws Exception {
        try (ImageRegistry registry = ImageRegistry.start(image.layers().getFirst())) {
            Image onBase = ImageMaker.make(
                    folder.resolve("based"), folder.resolve("work"), "--no-aot", "--base", registry.image());

            assertThat(onBase.digests()).isEqualTo(image.digests().subList(0, 5));
            assertThat(onBase.config().path("config").path("Env").toString()).contains("BASE=yes");
            assertThat(onBase.report()).contains("\nbase ");
        }
    }
}
