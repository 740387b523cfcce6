package io.lynx.systemtest.image;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * A registry on this machine that has one image of one layer, under every name, and serves it as {@code docker pull} expects: by
 * plain HTTP, and with an answer that is not TLS to a client that tries TLS first.
 */
final class ImageRegistry implements AutoCloseable {
    private static final String MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
    private static final String CONFIG = "application/vnd.docker.container.image.v1+json";
    private static final String LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip";

    private static final int TLS_HANDSHAKE = 22;
    private static final byte[] NOTHING = new byte[0];

    private final ServerSocket server;
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
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /** Starts a registry whose image has this compressed layer. */
    static ImageRegistry start(Path layer) throws IOException {
        ImageRegistry registry = new ImageRegistry(layer);
        Thread.ofVirtual().start(registry::accept);
        return registry;
    }

    /** Returns the name of the image, with the address of the registry. */
    String image() {
        return "localhost:" + server.getLocalPort() + "/base:1";
    }

    private Map<String, Object> blob(String type, byte[] content) {
        String digest = digest(content);
        blobs.put(digest, content);
        return Map.of("mediaType", type, "size", content.length, "digest", digest);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException _) {
                // The registry is closed.
            }
        }
    }

    /** Answers one request; the client opens another connection for the next one. */
    private void serve(Socket client) {
        try (client) {
            InputStream in = new BufferedInputStream(client.getInputStream());
            in.mark(1);
            if (in.read() == TLS_HANDSHAKE) {
                client.getOutputStream().write("HTTP/1.0 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                return;
            }
            in.reset();
            BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
            String request = reader.readLine();
            for (String header = reader.readLine(); header != null && !header.isEmpty(); ) {
                header = reader.readLine();
            }
            answer(request == null ? "" : request, client.getOutputStream());
        } catch (IOException _) {
            // The client has closed the connection.
        }
    }

    private void answer(String request, OutputStream out) throws IOException {
        String path = request.split(" ")[1];
        boolean isManifest = path.contains("/manifests/");
        byte[] content = isManifest ? manifest : blobs.getOrDefault(path.substring(path.lastIndexOf('/') + 1), NOTHING);
        String head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + content.length + "\r\nContent-Type: "
                + (isManifest ? MANIFEST : "application/octet-stream") + "\r\nDocker-Content-Digest: " + digest(content)
                + "\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        if (!request.startsWith("HEAD")) {
            out.write(content);
        }
        out.flush();
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
    public void close() throws IOException {
        server.close();
    }
}
