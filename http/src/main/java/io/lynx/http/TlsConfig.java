package io.lynx.http;

import io.lynx.config.Doc;
import java.util.Optional;

/**
 * The section {@code lynx.http.tls}: the PEM files of TLS. Immutable.
 *
 * @param certificate the server's certificate, followed by the chain up to its root
 * @param key the certificate's private key, PKCS #8, not encrypted
 * @param clientCertificates the authorities of client certificates; if set, a client must present a certificate
 */
public record TlsConfig(
        @Doc("PEM file of the certificate and its chain") String certificate,
        @Doc("PEM file of the private key (PKCS #8)") String key,

        @Doc("PEM file of the authorities that must have issued client certificates")
        Optional<String> clientCertificates) {
    /** Returns a configuration that requires no certificates of clients. */
    public static TlsConfig of(String certificate, String key) {
        return new TlsConfig(certificate, key, Optional.empty());
    }

    /** Returns a copy that requires a certificate of each client, issued by an authority in this PEM file. */
    public TlsConfig withClientCertificates(String authorities) {
        return new TlsConfig(certificate, key, Optional.of(authorities));
    }
}
