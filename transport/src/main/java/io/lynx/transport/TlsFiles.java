package io.lynx.transport;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import io.lynx.config.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The certificates of a listener with TLS and what it accepts: the section {@code tls} below that of the listener. Immutable and
 * thread-safe.
 *
 * @param certificate the server's certificate followed by its chain (PEM), or a PKCS #12 file with all
 * @param key the private key (PEM), if that is in a file of its own
 * @param password of the private key or the PKCS #12 file
 * @param more certificates for other names, or with a key of another kind
 * @param clientCertificates the authorities of client certificates; if present, clients are asked for one
 * @param clientAuthentication whether clients must have one; only with {@code clientCertificates}
 * @param protocols the versions of TLS that are accepted
 * @param ciphers the cipher suites that are accepted, the preferred one first; the JDK's if empty
 * @param reloadInterval between two looks at the files; zero to read them at the start only
 */
public record TlsFiles(
        @Doc("PEM file of the certificate and its chain, or PKCS #12 file of these and the private key")
        String certificate,

        @Doc("PEM file of the private key; the file of the certificate if not set")
        Optional<String> key,

        @Doc("The password of the private key or of the PKCS #12 file") @Secret
        Optional<String> password,

        @Doc("Certificates for other names, which clients choose by SNI, or with another kind of key") @Default("[]")
        List<CertificateFiles> more,

        @Doc(
                "PEM file of the authorities that must have issued client certificates; without it clients are not asked for one")
        Optional<String> clientCertificates,

        @Doc("Whether a client must have a certificate: required (the default with client_certificates) or wanted")
        Optional<ClientAuthentication> clientAuthentication,

        @Doc("The versions of TLS that are accepted: TLSv1.2, TLSv1.3") @Default("[TLSv1.2, TLSv1.3]")
        List<String> protocols,

        @Doc("The cipher suites that are accepted, the preferred one first; those of the JDK if empty") @Default("[]")
        List<String> ciphers,

        @Doc("How often the files are compared with what was read; 0s for never") @Default("10s") @Range(min = "0s")
        Duration reloadInterval) {
    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if a protocol or a cipher is unknown, or a protocol has no cipher; the message names what is
     *     allowed
     */
    public TlsFiles {
        more = List.copyOf(more);
        protocols = List.copyOf(protocols);
        ciphers = List.copyOf(ciphers);
        if (clientAuthentication.isPresent() && clientCertificates.isEmpty()) {
            throw new IllegalArgumentException(
                    "client_authentication without client_certificates; name the file of the authorities there");
        }
        TlsRules.check(protocols, ciphers);
    }

    /** Returns these files with the default of everything else. */
    public static TlsFiles of(String certificate, String key) {
        return new TlsFiles(
                certificate,
                Optional.of(key),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                TlsRules.PROTOCOLS,
                List.of(),
                Duration.ofSeconds(10));
    }

    /** Returns the names of the files, without the passwords. */
    @Override
    public String toString() {
        return all().toString();
    }

    /** Returns the files of each certificate, the one for clients that name no other first. */
    public List<CertificateFiles> all() {
        List<CertificateFiles> all = new ArrayList<>();
        all.add(new CertificateFiles(certificate, key, password));
        all.addAll(more);
        return all;
    }
}
