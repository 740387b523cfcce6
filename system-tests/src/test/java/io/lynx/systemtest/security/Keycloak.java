package io.lynx.systemtest.security;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lynx.systemtest.process.Command;
import io.lynx.systemtest.process.DebianPackages;
import io.lynx.systemtest.process.FreePort;
import io.lynx.testkit.Await;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keycloak with the realm {@code shop}, unpacked from its distribution into a folder of the test, which also holds its data. Its port stays
 * the same when it is started again. Not thread-safe.
 */
final class Keycloak implements AutoCloseable {
    /** The system property with the path of the distribution, which Maven copies for the long form of the tests. */
    private static final String DISTRIBUTION = "system-tests.keycloak";

    private static final String KEY_PROVIDER = "org.keycloak.keys.KeyProvider";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CALL = Duration.ofMinutes(1);

    /** Its build step and its start take minutes on a busy machine. */
    private static final Duration PATIENCE = Duration.ofMinutes(20);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(CALL).build();
    private final Path home;
    private final int port = FreePort.find();
    private @Nullable Process process;

    private Keycloak(Path home) {
        this.home = home;
    }

    /** Unpacks and builds it; the test fails without a distribution. */
    static Keycloak prepare(Path folder) throws IOException, InterruptedException {
        Path zip = Path.of(System.getProperty(DISTRIBUTION, "target/keycloak/keycloak.zip"))
                .toAbsolutePath();
        if (!Files.exists(zip)) {
            throw DebianPackages.unavailable(zip + " does not exist; ./build system-tests copies it, and -D"
                    + DISTRIBUTION + " names another one");
        }
        run(folder, List.of(javaHome().resolve("bin/jar").toString(), "xf", zip.toString()));
        Path home;
        try (Stream<Path> unpacked = Files.list(folder)) {
            home = unpacked.filter(each -> each.getFileName().toString().startsWith("keycloak-"))
                    .findFirst()
                    .orElseThrow();
        }
        Path realms = Files.createDirectories(home.resolve("data/import"));
        try (InputStream realm = Objects.requireNonNull(Keycloak.class.getResourceAsStream("shop-realm.json"))) {
            long _ = Files.copy(realm, realms.resolve("shop-realm.json"));
        }
        run(
                home,
                List.of(
                        "env",
                        "JAVA_HOME=" + javaHome(),
                        "sh",
                        "bin/kc.sh",
                        "build",
                        "--db=dev-file",
                        "--cache=local"));
        return new Keycloak(home);
    }

    private static Path javaHome() {
        return Path.of(Objects.requireNonNull(System.getProperty("java.home")));
    }

    private static void run(Path folder, List<String> command) throws InterruptedException {
        Command.Result result = Command.run(folder, PATIENCE, command);
        if (!result.isSuccess()) {
            throw new AssertionError(command + ": " + result);
        }
    }

    /** Starts it, and waits until it answers. */
    void start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        "sh",
                        "bin/kc.sh",
                        "start",
                        "--optimized",
                        "--import-realm",
                        "--http-enabled=true",
                        "--http-host=127.0.0.1",
                        "--http-port=" + port,
                        "--hostname-strict=false")
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment()
                .putAll(Map.of(
                        "JAVA_HOME",
                        javaHome().toString(),
                        "JAVA_OPTS_KC_HEAP",
                        "-Xms64m -Xmx512m",
                        "KC_BOOTSTRAP_ADMIN_USERNAME",
                        "admin",
                        "KC_BOOTSTRAP_ADMIN_PASSWORD",
                        "admin-password"));
        Process started = builder.start();
        process = started;
        Await.until("Keycloak answers", PATIENCE, Duration.ofMillis(500), () -> {
            if (!started.isAlive()) {
                throw new AssertionError("Keycloak has ended: " + Files.readString(log()));
            }
            return isReady();
        });
    }

    private Path log() {
        return home.resolve("log");
    }

    private boolean isReady() throws InterruptedException {
        try {
            return get("/realms/shop/.well-known/openid-configuration", "").statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Shuts it down. */
    void stop() throws InterruptedException {
        Process running = process;
        process = null;
        if (running == null) {
            return;
        }
        List<ProcessHandle> all = new ArrayList<>(running.descendants().toList());
        all.add(running.toHandle());
        all.forEach(ProcessHandle::destroy);
        if (!running.waitFor(1, TimeUnit.MINUTES)) {
            all.forEach(ProcessHandle::destroyForcibly);
        }
        Await.until("Keycloak has ended", PATIENCE, Duration.ofMillis(100), () -> all.stream()
                .noneMatch(ProcessHandle::isAlive));
    }

    /** Returns the claim {@code iss} of its tokens. */
    String issuer() {
        return "http://127.0.0.1:" + port + "/realms/shop";
    }

    /** Returns a token by the client credentials grant. */
    String token(String clientId) throws IOException, InterruptedException {
        return token(
                "shop",
                Map.of(
                        "grant_type",
                        "client_credentials",
                        "client_id",
                        clientId,
                        "client_secret",
                        clientId + "-secret"));
    }

    private String token(String realm, Map<String, String> form) throws IOException, InterruptedException {
        String body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpResponse<String> answer = client.send(
                request("/realms/" + realm + "/protocol/openid-connect/token")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
        return JSON.readTree(require(answer, 200)).path("access_token").asText();
    }

    /** Makes a new key, by which tokens are signed from now on. Those before it stay published. */
    void addKey() throws IOException, InterruptedException {
        String component = """
                {"name": "later", "providerId": "rsa-generated", "providerType": "%s",
                 "config": {"priority": ["200"], "enabled": ["true"], "active": ["true"], "algorithm": ["RS256"], "keySize": ["2048"]}}
                """.formatted(KEY_PROVIDER);
        HttpResponse<String> answer = client.send(
                request("/admin/realms/shop/components")
                        .header("Authorization", "Bearer " + admin())
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(component))
                        .build(),
                BodyHandlers.ofString());
        String _ = require(answer, 201);
    }

    /** Withdraws the keys for RS256 that the realm had at first. */
    void removeFirstKey() throws IOException, InterruptedException {
        String admin = admin();
        JsonNode components =
                JSON.readTree(require(get("/admin/realms/shop/components?type=" + KEY_PROVIDER, admin), 200));
        for (JsonNode component : components) {
            if (component.path("providerId").asText().equals("rsa-generated")
                    && !component.path("name").asText().equals("later")) {
                HttpResponse<String> answer = client.send(
                        request("/admin/realms/shop/components/"
                                        + component.path("id").asText())
                                .header("Authorization", "Bearer " + admin)
                                .DELETE()
                                .build(),
                        BodyHandlers.ofString());
                String _ = require(answer, 204);
            }
        }
    }

    private String admin() throws IOException, InterruptedException {
        return token(
                "master",
                Map.of(
                        "grant_type",
                        "password",
                        "client_id",
                        "admin-cli",
                        "username",
                        "admin",
                        "password",
                        "admin-password"));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(CALL);
    }

    private HttpResponse<String> get(String path, String token) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path);
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static String require(HttpResponse<String> answer, int status) {
        if (answer.statusCode() != status) {
            throw new AssertionError(answer.uri() + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    @Override
    public void close() {
        try {
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.shutdownNow();
    }
}
