package io.lynx.transport.engine.tls;

import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * A certificate of a server with its key. Immutable.
 *
 * @param chain the certificate, followed by those of its issuers
 * @param key its private key
 * @param names the names and addresses that it is for, in lower case
 */
record ServerIdentity(List<X509Certificate> chain, PrivateKey key, List<String> names) {
    private static final int DNS = 2;
    private static final int IP = 7;

    ServerIdentity(List<X509Certificate> chain, PrivateKey key) {
        this(List.copyOf(chain), key, names(chain.getFirst()));
    }

    private static List<String> names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (List<?> alternative : alternatives) {
                    if (alternative.get(0) instanceof Integer kind
                            && (kind == DNS || kind == IP)
                            && alternative.get(1) instanceof String name) {
                        names.add(name.toLowerCase(Locale.ROOT));
                    }
                }
            }
        } catch (CertificateParsingException malformed) {
            // It is for nobody then, but it may still be the only one that there is.
        }
        return List.copyOf(names);
    }

    X509Certificate certificate() {
        return chain.getFirst();
    }

    /** A name for logs and metrics: the first that it is for, otherwise its subject. */
    String label() {
        return names.isEmpty() ? certificate().getSubjectX500Principal().getName() : names.getFirst();
    }

    /** Returns whether it is for {@code host}, in lower case (RFC 9525, 6.3): a wildcard stands for one whole first label. */
    boolean isFor(String host) {
        int dot = host.indexOf('.');
        String wildcard = dot > 0 ? "*" + host.substring(dot) : "";
        return names.contains(host) || (dot > 0 && names.contains(wildcard));
    }
}
