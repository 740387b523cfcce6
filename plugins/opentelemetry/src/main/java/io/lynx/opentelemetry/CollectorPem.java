package io.lynx.opentelemetry;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file with certificates or a private key as PEM. Immutable.
 *
 * @param name the key or variable that names it, for messages
 */
record CollectorPem(String name, Path file) {
    private static final String KEY_BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String KEY_END = "-----END PRIVATE KEY-----";
    private static final long LARGEST = 1 << 20;

    /**
     * Reads certificates.
     *
     * @throws IllegalArgumentException if there is none, or the file cannot be read
     */
    List<Certificate> certificates() {
        try {
            List<Certificate> read = List.copyOf(
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes())));
            if (read.isEmpty()) {
                throw unusable("has no certificate", null);
            }
            return read;
        } catch (CertificateException malformed) {
            throw unusable("has no readable certificates", malformed);
        }
    }

    /**
     * Reads a private key.
     *
     * @param algorithm that of the certificate it belongs to
     * @throws IllegalArgumentException if there is none of that algorithm, or the file cannot be read
     */
    PrivateKey privateKey(String algorithm) {
        String text = new String(bytes(), StandardCharsets.US_ASCII);
        int begin = text.indexOf(KEY_BEGIN);
        int end = text.indexOf(KEY_END);
        if (begin < 0 || end < begin) {
            throw unusable("has no unencrypted private key in the format PKCS #8", null);
        }
        try {
            byte[] key = Base64.getMimeDecoder().decode(text.substring(begin + KEY_BEGIN.length(), end));
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(key));
        } catch (GeneralSecurityException | IllegalArgumentException malformed) {
            throw unusable("has no private key that fits the certificate, which has " + algorithm, malformed);
        }
    }

    private byte[] bytes() {
        try {
            if (Files.size(file) > LARGEST) {
                throw unusable("has more than 1 MiB", null);
            }
            return Files.readAllBytes(file);
        } catch (IOException unreadable) {
            throw unusable("cannot be read: " + unreadable.getClass().getSimpleName(), unreadable);
        }
    }

    /** Returns the failure; its message never has a part of the file. */
    IllegalArgumentException unusable(String reason, @Nullable Throwable cause) {
        return new IllegalArgumentException(name + ": '" + file + "' " + reason + "; name a PEM file", cause);
    }
}
