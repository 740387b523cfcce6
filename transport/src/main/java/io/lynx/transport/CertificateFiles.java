package io.lynx.transport;

import io.lynx.config.Doc;
import io.lynx.config.Secret;
import java.util.Optional;

/**
 * The files of one certificate of a listener. Immutable and thread-safe.
 *
 * @param certificate the server's certificate followed by its chain (PEM), or a PKCS #12 file with all
 * @param key the private key (PEM), if that is in a file of its own
 * @param password of the private key or the PKCS #12 file
 */
public record CertificateFiles(
        @Doc("PEM file of the certificate and its chain, or PKCS #12 file of these and the private key")
        String certificate,

        @Doc("PEM file of the private key; the file of the certificate if not set")
        Optional<String> key,

        @Doc("The password of the private key or of the PKCS #12 file") @Secret
        Optional<String> password) {
    /** Returns the names of the files, without the password. */
    @Override
    public String toString() {
        return key.isPresent() ? certificate + ", " + key.get() : certificate;
    }
}
