package io.lynx.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A self-signed certificate for {@code localhost} and 127.0.0.1, as the PEM files that a server is configured with and as the TLS
 * context of a client that trusts it. Immutable.
 *
 * <p>The JDK's {@code keytool} makes it, so a test needs a JDK.
 *
 * @param certificate the PEM file with the certificate
 * @param key the PEM file with its private key
 * @param clientContext the context for clients, which trusts this certificate and no other
 */
public record LoopbackCertificate(Path certificate, Path key, SSLContext clientContext) {
    private static final String ALIAS = "loopback";
    private static final String PASSWORD = "changeit";

    /**
     * Makes a new certificate. It takes about a second.
     *
     * @param directory the directory for its files, such as JUnit's {@code @TempDir}
     * @throws IllegalStateException if {@code keytool} fails; its output is the message
     */
    public static LoopbackCertificate make(Path directory)
            throws IOException, GeneralSecurityException, InterruptedException {
        Path store = directory.resolve("store.p12");
        runKeytool(store);
        char[] password = PASSWORD.toCharArray();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, password);
        }
        Path certificate = directory.resolve("certificate.pem");
        Path key = directory.resolve("key.pem");
        Files.writeString(
                certificate, pem("CERTIFICATE", keys.getCertificate(ALIAS).getEncoded()));
        Files.writeString(key, pem("PRIVATE KEY", keys.getKey(ALIAS, password).getEncoded()));
        if (Files.getFileStore(key).supportsFileAttributeView("posix")) {
            // Some clients and servers refuse a key that others can read.
            Path _ = Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        }
        return new LoopbackCertificate(certificate, key, trusting(keys.getCertificate(ALIAS)));
    }

    private static void runKeytool(Path store) throws IOException, InterruptedException {
        Path tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process process = new ProcessBuilder(
                        tool.toString(),
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost,ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        try {
            boolean finished = process.waitFor(60, TimeUnit.SECONDS);
            if (!finished || process.exitValue() != 0) {
                throw new IllegalStateException(
                        finished
                                ? new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                                : "keytool did not finish within 60 s");
            }
        } finally {
            process.destroyForcibly();
        }
    }

    private static SSLContext trusting(Certificate certificate) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(ALIAS, certificate);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static String pem(String kind, byte[] bytes) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
    }
}
