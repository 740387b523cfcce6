package io.lynx.plugin.external;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import java.util.Optional;

/**
 * The section {@code tls} of a plugin for an external system: the same keys for all of them. The files are PEM and are read again
 * when they change. Immutable.
 *
 * @param enabled whether connections use TLS; the server's certificate and name are then always verified
 * @param ca the authorities that issue the server's certificate; those of the JDK if empty
 * @param certificate the client's certificate followed by its chain, for servers that require one
 * @param key its private key (PKCS #8), unencrypted
 */
public record TlsConfig(
        @Doc("Whether connections use TLS; the server's certificate and name are then verified.") @Default("false")
        boolean enabled,

        @Doc("PEM file of the authorities that issue the server's certificate; those of the JDK if not set.")
        Optional<String> ca,

        @Doc("PEM file of the client's certificate and its chain, for a server that requires one.")
        Optional<String> certificate,

        @Doc("PEM file of the private key of that certificate (PKCS #8).")
        Optional<String> key) {
    /** No TLS. */
    public static final TlsConfig NONE = new TlsConfig(false, Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * Checks that the keys fit together.
     *
     * @throws IllegalArgumentException if there is a certificate without a key or a key without a certificate, or files although TLS
     *     is not enabled
     */
    public TlsConfig {
        if (certificate.isPresent() != key.isPresent()) {
            throw new IllegalArgumentException((certificate.isPresent() ? "key" : "certificate")
                    + " is missing; a client's certificate needs both");
        }
        if (!enabled && (ca.isPresent() || certificate.isPresent())) {
            throw new IllegalArgumentException("enabled is false, but files are set; set enabled: true or remove them");
        }
    }
}
