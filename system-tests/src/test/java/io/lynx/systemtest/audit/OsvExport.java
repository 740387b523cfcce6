package io.lynx.systemtest.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
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
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/**
 * Reads advisories in the format of OSV (https://ossf.github.io/osv-schema/): a JSON file with one record or an array of records,
 * or a zip file or a directory of such files.
 */
final class OsvExport {
    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final Duration DOWNLOAD_TIME = Duration.ofMinutes(5);
    private static final int MAX_RECORD_BYTES = 64 << 20;

    private final List<Advisory> advisories = new ArrayList<>();
    private int records;

    private OsvExport() {}

    /**
     * Reads the advisories about Maven packages that have not been withdrawn.
     *
     * @param from a file, a directory, or an {@code http} or {@code https} URL of a file
     * @throws AuditException if it cannot be read or contains no record
     */
    static List<Advisory> read(String from) throws InterruptedException {
        OsvExport export = new OsvExport();
        try {
            if (from.startsWith("http://") || from.startsWith("https://")) {
                export.download(from);
            } else if (from.startsWith("file:")) {
                export.readPath(Path.of(URI.create(from)));
            } else {
                export.readPath(Path.of(from));
            }
        } catch (IOException e) {
            throw new AuditException("--from: '" + from + "' cannot be read: " + e);
        } catch (IllegalArgumentException e) {
            throw new AuditException("--from: '" + from + "' is neither a file nor a URL: " + e.getMessage());
        }
        if (export.records == 0) {
            throw new AuditException(
                    "--from: '" + from + "' contains no advisory; a JSON file, or a zip file or a directory of "
                            + "JSON files, with OSV records is needed");
        }
        return List.copyOf(export.advisories);
    }

    private void download(String url) throws IOException, InterruptedException {
        Path file = Files.createTempFile("lynx-audit-", ".osv");
        try (HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(Duration.ofSeconds(30))
                .build()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                    .timeout(DOWNLOAD_TIME)
                    .build();
            HttpResponse<Path> response = client.send(request, BodyHandlers.ofFile(file));
            if (response.statusCode() != 200) {
                throw new IOException("the server answered " + response.statusCode());
            }
            readFile(file, url);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private void readPath(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            readFile(path, path.toString());
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                readFile(file, file.toString());
            }
        }
    }

    private void readFile(Path file, String origin) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("there is no such file");
        }
        if (isZip(file)) {
            readZip(file, origin);
        } else {
            readJson(Files.readAllBytes(file), origin);
        }
    }

    private static boolean isZip(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(2);
            return start.length == 2 && start[0] == 'P' && start[1] == 'K';
        }
    }

    private void readZip(Path file, String origin) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (!entry.isDirectory() && entry.getName().endsWith(".json")) {
                    byte[] bytes = zip.readNBytes(MAX_RECORD_BYTES + 1);
                    if (bytes.length > MAX_RECORD_BYTES) {
                        throw new AuditException(
                                origin + "!" + entry.getName() + ": larger than " + MAX_RECORD_BYTES + " bytes");
                    }
                    readJson(bytes, origin + "!" + entry.getName());
                }
            }
        } catch (ZipException e) {
            throw new AuditException(origin + ": not a readable zip file: " + e.getMessage());
        }
    }

    private void readJson(byte[] bytes, String origin) throws IOException {
        JsonNode root;
        try {
            root = JSON.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw new AuditException(origin + ": not JSON: " + e.getOriginalMessage() + " (line "
                    + e.getLocation().getLineNr() + ")");
        }
        if (root.isArray()) {
            int index = 0;
            for (JsonNode each : root) {
                add(each, origin + "[" + index++ + "]");
            }
        } else {
            add(root, origin);
        }
    }

    private void add(JsonNode node, String origin) {
        OsvRecord osv = new OsvRecord(node, origin);
        records++;
        osv.advisory().ifPresent(advisories::add);
    }
}
