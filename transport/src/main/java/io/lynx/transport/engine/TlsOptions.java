package io.lynx.transport.engine;

import io.lynx.transport.TlsFiles;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;

/** Reads the PEM files of a certificate and reports what is wrong with them before the library does. */
final class TlsOptions {
    private TlsOptions() {}

    /**
     * Sets up TLS with ALPN.
     *
     * @param section the configuration section that messages name, such as {@code lynx.http.tls}
     * @throws IllegalArgumentException if a file cannot be read or does not hold what it should
     */
    static void configure(HttpServerOptions options, String section, TlsFiles tls) {
        String certificate = section + ".certificate";
        String key = section + ".key";
        Buffer certificates = certificates(certificate, tls.certificate());
        Buffer privateKey = privateKey(key, tls.key());
        options.setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(
                        new PemKeyCertOptions().addCertValue(certificates).addKeyValue(privateKey));
        if (tls.clientCertificates().isPresent()) {
            Buffer authorities = certificates(
                    section + ".client_certificates", tls.clientCertificates().get());
            options.setClientAuth(ClientAuth.REQUIRED).setTrustOptions(new PemTrustOptions().addCertValue(authorities));
        }
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
