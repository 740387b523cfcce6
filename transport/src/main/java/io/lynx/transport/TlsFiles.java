package io.lynx.transport;

import io.lynx.config.Doc;
import java.util.Optional;

/**
 * The PEM files of a listener with TLS: the section {@code tls} below that of the listener. Immutable and thread-safe.
 *
 * @param certificate the server's certificate followed by its chain
 * @param key the private key (PKCS #8), unencrypted
 * @param clientCertificates the authorities of client certificates; if present, a client must have one
 */
public record TlsFiles(
        @Doc("PEM file of the certificate and its chain") String certificate,
        @Doc("PEM file of the private key (PKCS #8)") String key,

        @Doc("PEM file of the authorities that must have issued client certificates")
        Optional<String> clientCertificates) {}
