package io.lynx.systemtest.image;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** A registry on this machine that has one image of one layer, under every name, and serves it as {@code docker pull} expects. */
final class ImageRegistry implements AutoCloseable {
    private static final String MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
    private static final String CONFIG = "application/vnd.docker.container.image.v1+json";
    private static final String LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip";

    private final HttpServer server;
    private final Map<String, byte[]> blobs = new HashMap<>();
    private final byte[] manifest;

    private ImageRegistry(Path layer) throws IOException {
        byte[] content = Files.readAllBytes(layer);
        ObjectMapper json = new ObjectMapper();
        byte[] config = json.writeValueAsBytes(Map.of(
                "architecture",
                System.getProperty("os.arch", "amd64").equals("aarch64") ? "arm64" : "amd64",
                "os",
                "linux",
                "config",
                Map.of("Env", List.of("BASE=yes")),
                "rootfs",
                Map.of("type", "layers", "diff_ids", List.of(digest(unpacked(layer))))));
        manifest = json.writeValueAsBytes(Map.of(
                "schemaVersion",
                2,
                "mediaType",
                MANIFEST,
                "config",
                blob(CONFIG, config),
                "layers",
                List.of(blob(LAYER, content))));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v2/", this::answer);
    }

    /** Starts a registry whose image has this compressed layer. */
    static ImageRegistry start(Path layer) throws IOException {
        ImageRegistry registry = new ImageRegistry(layer);
        registry.server.start();
        return registry;
    }

    /** Returns the name of the image, with the address of the registry. */
    String image() {
        return "localhost:" + server.getAddress().getPort() + "/base:1";
    }

    private Map<String, Object> blob(String type, byte[] content) {
        String digest = digest(content);
        blobs.put(digest, content);
        return Map.of("mediaType", type, "size", content.length, "digest", digest);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String name = path.substring(path.lastIndexOf('/') + 1);
            if (path.contains("/manifests/")) {
                send(exchange, MANIFEST, manifest);
            } else if (path.contains("/blobs/")) {
                send(exchange, "application/octet-stream", blobs.get(name));
            } else {
                send(exchange, "application/json", new byte[0]);
            }
        }
    }

    private static void send(HttpExchange exchange, String type, byte @Nullable [] content) throws IOException {
        if (content == null) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.getResponseHeaders().add("Docker-Content-Digest", digest(content));
        boolean hasBody = content.length > 0 && !exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(200, hasBody ? content.length : -1);
        if (hasBody) {
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(content);
            }
        }
    }

    private static byte[] unpacked(Path layer) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(layer));
                ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            long _ = in.transferTo(out);
            return out.toByteArray();
        }
    }

    private static String digest(byte[] content) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
