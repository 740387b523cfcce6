package io.lynx.transport.engine.tls;

import io.lynx.transport.TlsFiles;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** Reads the PEM files of a certificate and reports what is wrong with them before the library does. */
public final class TlsOptions {
    private TlsOptions() {}

    /** Has the servers of {@code options} use {@code tls}. */
    public static void configure(HttpServerOptions options, CurrentTls tls, TlsFiles files) {
        options.setSsl(true)
                .setUseAlpn(true)
                // Never used, but the library wants one.
                .setKeyCertOptions(KeyCertOptions.wrap(new ServerKeys(tls.get().identities())))
                .setEnabledSecureTransportProtocols(new LinkedHashSet<>(files.protocols()))
                .setSslEngineOptions(tls.options());
    }

    /**
     * Returns the certificates of a PEM file, in its order.
     *
     * @throws IllegalArgumentException if it holds none, or a malformed one; the message names {@code key}
     */
    static List<X509Certificate> chain(String key, String file, byte[] content) {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (PemFile.Part part : PemFile.parts(content)) {
                if (part.label().endsWith("CERTIFICATE")) {
                    chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(part.bytes())));
                }
            }
        } catch (CertificateException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    key + ": " + file + " is not a file of certificates (" + e.getMessage() + "); a PEM file", e);
        }
        if (chain.isEmpty()) {
            throw new IllegalArgumentException(
                    key + ": " + file + " holds no certificate; a PEM file with BEGIN CERTIFICATE");
        }
        return List.copyOf(chain);
    }

    /** Returns the content of a file with a private key. */
    static Buffer privateKey(String key, String file) {
        Buffer content = read(key, file);
        String pem = content.toString(StandardCharsets.US_ASCII);
        if (!pem.contains("-----BEGIN PRIVATE KEY-----")
                && !pem.contains("-----BEGIN EC PRIVATE KEY-----")
                && !pem.contains("-----BEGIN RSA PRIVATE KEY-----")) {
            throw new IllegalArgumentException(
                    key + ": " + file + " holds no private key; a PEM file with BEGIN PRIVATE KEY, not encrypted");
        }
        return content;
    }

    /** Returns the content of a file with certificates. */
    static Buffer certificates(String key, String file) {
        Buffer content = read(key, file);
        try {
            if (CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(content.getBytes()))
                    .isEmpty()) {
                throw new IllegalArgumentException(
                        key + ": " + file + " holds no certificate; a PEM file with BEGIN CERTIFICATE");
            }
        } catch (CertificateException e) {
            throw new IllegalArgumentException(
                    key + ": " + file + " is not a certificate (" + e.getMessage() + "); a PEM file", e);
        }
        return content;
    }

    private static Buffer read(String key, String file) {
        try {
            return Buffer.buffer(Files.readAllBytes(java.nio.file.Path.of(file)));
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException(key + ": " + file + " cannot be read (" + e + "); a PEM file", e);
        }
    }
}
