package io.lynx.transport;

import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;

/** The versions of TLS and the cipher suites that a listener may accept. Stateless. */
final class TlsRules {
    private static final String TLS_1_3 = "TLSv1.3";

    /** The versions that may be accepted; older ones are insecure (RFC 8996). */
    static final List<String> PROTOCOLS = List.of("TLSv1.2", TLS_1_3);

    private TlsRules() {}

    /**
     * Returns if each protocol and each cipher is known and each protocol has a cipher.
     *
     * @throws IllegalArgumentException otherwise; the message names what is allowed
     */
    static void check(List<String> protocols, List<String> ciphers) {
        for (String protocol : protocols) {
            if (!PROTOCOLS.contains(protocol)) {
                throw new IllegalArgumentException("protocols: '" + protocol + "'; allowed are " + PROTOCOLS);
            }
        }
        if (protocols.isEmpty()) {
            throw new IllegalArgumentException("protocols: none; allowed are " + PROTOCOLS);
        }
        if (!ciphers.isEmpty()) {
            checkCiphers(protocols, ciphers);
        }
    }

    private static void checkCiphers(List<String> protocols, List<String> ciphers) {
        List<String> allowed = allowed();
        for (String cipher : ciphers) {
            if (!allowed.contains(cipher)) {
                throw new IllegalArgumentException("ciphers: '" + cipher + "' is not a secure cipher suite of this JDK;"
                        + " allowed are " + allowed);
            }
        }
        for (String protocol : protocols) {
            boolean isNewest = protocol.equals(TLS_1_3);
            if (ciphers.stream().noneMatch(cipher -> isOfNewest(cipher) == isNewest)) {
                throw new IllegalArgumentException(
                        "ciphers: none for " + protocol + "; remove that from protocols, or add"
                                + " some of "
                                + allowed.stream()
                                        .filter(cipher -> isOfNewest(cipher) == isNewest)
                                        .toList());
            }
        }
    }

    /** Those that the JDK enables, less the signalling value that is none. */
    private static List<String> allowed() {
        try {
            return Arrays.stream(
                            SSLContext.getDefault().getDefaultSSLParameters().getCipherSuites())
                    .filter(cipher -> !cipher.endsWith("_SCSV"))
                    .toList();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("TLS is not available", impossible);
        }
    }

    /** Cipher suites of TLS 1.3 do not name how keys are exchanged (RFC 8446, appendix B.4). */
    private static boolean isOfNewest(String cipher) {
        return !cipher.contains("_WITH_");
    }
}
