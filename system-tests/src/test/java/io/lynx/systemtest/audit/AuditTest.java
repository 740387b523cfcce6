package io.lynx.systemtest.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The audit of dependencies by an export of our own. */
final class AuditTest {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private byte[] advisories = {};

    @BeforeEach
    void read() throws IOException {
        try (InputStream in = Objects.requireNonNull(AuditTest.class.getResourceAsStream("advisories.json"))) {
            advisories = in.readAllBytes();
        }
    }

    private String list(String... dependencies) throws IOException {
        Path target = Files.createDirectories(folder.resolve("web/target"));
        StringBuilder text = new StringBuilder("\nThe following files have been resolved:\n");
        for (String dependency : dependencies) {
            text.append("   ").append(dependency).append(" -- module some.module\n");
        }
        return Files.writeString(target.resolve("dependencies.txt"), text).toString();
    }

    private String export(String json) throws IOException {
        return Files.writeString(folder.resolve("osv.json"), json).toString();
    }

    private String export() throws IOException {
        return export(new String(advisories, StandardCharsets.UTF_8));
    }

    private int audit(String... arguments) throws InterruptedException {
        out.reset();
        err.reset();
        PrintStream to = new PrintStream(out, true, StandardCharsets.UTF_8);
        return new Audit(to, new PrintStream(err, true, StandardCharsets.UTF_8)).run(List.of(arguments));
    }

    private String output() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "codec, 4.1.99.Final, TEST-2026-0001",
        "codec, 4.1.100.Final, ''",
        "codec, 4.1.130.Final, ''",
        "codec, 4.2.0.Alpha1, TEST-2026-0001",
        "codec, 4.2.13.Final, TEST-2026-0001",
        "codec, 4.2.18.Final, ''",
        "codec, 4.2.18.RC1, TEST-2026-0001",
        "codec, 0.9-alpha-1, TEST-2026-0001",
        "pool, 1.9, ''",
        "pool, 2, TEST-2026-0002",
        "pool, 2.4.0, TEST-2026-0002",
        "pool, 2.4.1, ''",
        "json, 1.0.0-rc1, TEST-2026-0003",
        "json, 1.0.0, TEST-2026-0003",
        "json, 1.0.1, ''",
        "web, 1.5.2, TEST-2026-0006",
        "web, 1.5.3, ''",
        "web, 2.0.0-beta1, ''",
        "web, 2.0.0, TEST-2026-0006",
        "web, 2.1.0-SNAPSHOT, TEST-2026-0006",
        "driver, 2.9, TEST-2026-0007",
        "driver, 3.0, ''",
    })
    void findsWhatEachVersionIsAffectedBy(String artifact, String version, String id) throws Exception {
        String list = list("com.example:" + artifact + ":jar:" + version + ":compile");

        int code = audit("--from", export(), list);

        assertThat(errors()).isEmpty();
        assertThat(code).isEqualTo(id.isEmpty() ? Audit.CLEAN : Audit.AFFECTED);
        assertThat(output()).contains(id.isEmpty() ? "0 findings" : id, "audit: 1 dependencies, 5 advisories");
    }

    @Test
    void namesPackageVersionAdvisoryFixAndModule() throws Exception {
        String list = list(
                "com.example:codec:jar:linux-x86_64:4.2.13.Final:runtime",
                "com.example:pool:jar:2.1:test",
                "com.example:web:jar:1.2.0:compile");

        assertThat(audit("--from", export(), list)).isEqualTo(Audit.AFFECTED);

        String module = folder.resolve("web").toString();
        assertThat(output().lines())
                .containsExactly(
                        "com.example:codec:4.2.13.Final: TEST-2026-0001 (CVE-2026-0001) Two intervals with a gap; "
                                + "fixed in 4.2.18.Final; resolved by " + module,
                        "com.example:pool:2.1: TEST-2026-0002 Affected up to a version, without a fix; no fixed"
                                + " version; resolved by " + module,
                        "com.example:web:1.2.0: TEST-2026-0006 Fixed in two branches; fixed in 1.5.3; resolved by "
                                + module,
                        "audit: 3 dependencies, 5 advisories on Maven packages, 3 findings");
    }

    @Test
    void readsAZipFileADirectoryAndAnAddress() throws Exception {
        String list = list("com.example:pool:jar:2.1:compile");
        Path zip = folder.resolve("all.zip");
        try (ZipOutputStream entries = new ZipOutputStream(Files.newOutputStream(zip))) {
            entries.putNextEntry(new ZipEntry("README.txt"));
            entries.write("not JSON".getBytes(StandardCharsets.UTF_8));
            entries.putNextEntry(new ZipEntry("Maven/osv.json"));
            entries.write(advisories);
        }
        Path directory = Files.createDirectories(folder.resolve("all/nested"));
        Files.write(directory.resolve("osv.json"), advisories);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/all.zip", exchange -> {
            byte[] bytes = Files.readAllBytes(zip);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        try {
            String address = "http://127.0.0.1:" + server.getAddress().getPort();
            for (String from : List.of(
                    zip.toString(),
                    folder.resolve("all").toString(),
                    zip.toUri().toString(),
                    address + "/all.zip")) {
                assertThat(audit("--from", from, list)).as(errors()).isEqualTo(Audit.AFFECTED);
                assertThat(output()).contains("TEST-2026-0002");
            }
            assertThat(audit("--from", address + "/missing", list)).isEqualTo(Audit.UNUSABLE);
            assertThat(errors()).contains(address + "/missing", "404");
        } finally {
            server.stop(0);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\": \"A\", | not JSON",
                "[1] | [0]: not an OSV record: an object is needed",
                "{\"vulns\": []} | not an OSV record: it has no 'id'",
                "[] | contains no advisory",
                "{\"id\":\"A\",\"affected\":[{\"package\":{\"ecosystem\":\"Maven\",\"name\":\"codec\"}}]} | "
                        + "A: package name 'codec'; 'group:artifact' is needed",
                "{\"id\":\"A\",\"affected\":[{\"package\":{\"ecosystem\":\"Maven\",\"name\":\"a:b\"},\"ranges\":[{\"type\":\"X\"}]}]}"
                        + " | A: range type 'X'; ECOSYSTEM, SEMVER or GIT is needed",
                "{\"id\":\"A\",\"affected\":[{\"package\":{\"ecosystem\":\"Maven\",\"name\":\"a:b\"},\"ranges\":[{\"type\":\"SEMVER\",\"events\":[{\"from\":\"1\"}]}]}]}"
                        + " | A: event {\"from\":\"1\"}; 'introduced',"
            })
    void refusesBadInputWithAClearMessage(String input) throws Exception {
        String[] parts = input.split(" \\| ", 2);

        int code = audit("--from", export(parts[0]), list("com.example:pool:jar:2.1:compile"));

        assertThat(code).isEqualTo(Audit.UNUSABLE);
        assertThat(output()).isEmpty();
        assertThat(errors()).contains("osv.json", parts[1]).hasLineCount(1);
    }

    @Test
    void refusesMissingInput() throws Exception {
        String list = list("com.example:pool:jar:2.1:compile");

        assertThat(audit()).isEqualTo(Audit.UNUSABLE);
        assertThat(errors()).contains("audit: --from FILE|URL is needed");
        assertThat(audit("--from", folder.resolve("none").toString(), list)).isEqualTo(Audit.UNUSABLE);
        assertThat(errors()).contains("none' cannot be read").contains("there is no such file");
        assertThat(audit("--from", export(), list())).isEqualTo(Audit.UNUSABLE);
        assertThat(errors()).contains("audit: no dependency in");
    }
}
