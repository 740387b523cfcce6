package io.lynx.transport.engine.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** The contents of files, each read once, so that all that is made of them fits together. Not thread-safe. */
final class TlsFileContents {
    /** More than any file of certificates has; a key may name a device or a log by mistake. */
    private static final int LARGEST = 16 * 1024 * 1024;

    private final Map<String, byte[]> read = new LinkedHashMap<>();

    /**
     * Returns the content of a file.
     *
     * @param key the key of the configuration that names it
     * @throws IllegalArgumentException if it cannot be read; the message names the key
     */
    byte[] of(String key, String file) {
        byte[] known = read.get(file);
        if (known == null) {
            known = bytes(key, file);
            read.put(file, known);
        }
        return known;
    }

    private static byte[] bytes(String key, String file) {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            byte[] content = in.readNBytes(LARGEST + 1);
            if (content.length > LARGEST) {
                throw new IllegalArgumentException(key + ": " + file + " is too large; a PEM or PKCS #12 file");
            }
            return content;
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException(
                    key + ": " + file + " cannot be read (" + e + "); a PEM or PKCS #12 file", e);
        }
    }

    /** Identifies the content of all files that have been read. */
    String digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            read.forEach((file, content) -> {
                digest.update((file + '\n' + content.length + '\n').getBytes(StandardCharsets.UTF_8));
                digest.update(content);
            });
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256 is not available", impossible);
        }
    }
}
