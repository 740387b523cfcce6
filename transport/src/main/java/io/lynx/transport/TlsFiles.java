package io.lynx.transport;

import java.util.Optional;

/**
 * The PEM files of a listener with TLS.
 *
 * @param section the configuration section that messages name, such as {@code lynx.http.tls}
 * @param certificate the server's certificate followed by its chain
 * @param key the private key, unencrypted
 * @param clientCertificates the authorities of client certificates; if present, a client must have one
 */
public record TlsFiles(String section, String certificate, String key, Optional<String> clientCertificates) {}
