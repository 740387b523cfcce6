package io.lynx.jdbc.driver;

import io.lynx.plugin.external.TlsConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/** The PEM files of a {@link TlsConfig}, which drivers read for each connection. Stateless. */
public final class DriverTls {
    private DriverTls() {}

    /**
     * Checks the files at the start, since drivers explain them badly.
     *
     * @throws IllegalArgumentException if one cannot be used; the message names the key and the file
     */
    public static void check(TlsConfig files) {
        files.ca().ifPresent(file -> check("tls.ca", file));
        files.certificate().ifPresent(file -> check("tls.certificate", file));
        files.key().ifPresent(DriverTls::checkKey);
    }

    /** The driver of PostgreSQL refuses a key that other users can read, unless it is of root and only its group can read it. */
    private static void checkKey(String file) {
        Path path = Path.of(file);
        if (!Files.isReadable(path)) {
            throw new IllegalArgumentException("tls.key: '" + file + "' cannot be read; name a PEM file");
        }
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (view == null) {
            return;
        }
        try {
            Set<PosixFilePermission> permissions = view.readAttributes().permissions();
            if (permissions.contains(PosixFilePermission.OTHERS_READ)) {
                throw new IllegalArgumentException("tls.key: '" + file + "' can be read by every user ("
                        + PosixFilePermissions.toString(permissions)
                        + "); its mode must be 0600, or 0640 if it belongs to root (in Kubernetes, defaultMode: 0600)");
            }
        } catch (IOException unreadable) {
            throw new IllegalArgumentException("tls.key: '" + file + "' cannot be read", unreadable);
        }
    }

    private static void check(String key, String file) {
        try {
            if (certificates(file).isEmpty()) {
                throw new IllegalArgumentException(key + ": '" + file + "' has no certificate; name a PEM file");
            }
        } catch (IOException | CertificateException unusable) {
            throw new IllegalArgumentException(
                    key + ": '" + file + "' cannot be read ("
                            + unusable.getClass().getSimpleName() + "); name a PEM file of certificates",
                    unusable);
        }
    }

    private static Collection<? extends Certificate> certificates(String file)
            throws IOException, CertificateException {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in);
        }
    }

    /** Returns the algorithm of the key of a certificate, such as {@code EC}; empty while the file is being replaced. */
    static Optional<String> keyAlgorithm(String file) {
        try {
            return certificates(file).stream()
                    .findFirst()
                    .map(certificate -> certificate.getPublicKey().getAlgorithm());
        } catch (IOException | CertificateException halfWritten) {
            return Optional.empty();
        }
    }
}
