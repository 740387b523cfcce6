package io.lynx.security.http;

import com.nimbusds.jose.JWSAlgorithm;
import org.jspecify.annotations.Nullable;

/** The algorithms by which tokens may be signed. All of them have a public key; none and HMAC are not among them. */
public enum SignatureAlgorithm {
    /** RSA, SHA-256. */
    RS256("RS256"),
    /** RSA, SHA-384. */
    RS384("RS384"),
    /** RSA, SHA-512. */
    RS512("RS512"),
    /** RSA-PSS, SHA-256. */
    PS256("PS256"),
    /** RSA-PSS, SHA-384. */
    PS384("PS384"),
    /** RSA-PSS, SHA-512. */
    PS512("PS512"),
    /** ECDSA on P-256, SHA-256. */
    ES256("ES256"),
    /** ECDSA on P-384, SHA-384. */
    ES384("ES384"),
    /** ECDSA on P-521, SHA-512. */
    ES512("ES512"),
    /** Ed25519, under its old name EdDSA or its new one. */
    EDDSA("EdDSA");

    private final String jose;

    SignatureAlgorithm(String jose) {
        this.jose = jose;
    }

    /** Returns the algorithm of that name in JOSE; null if there is none. */
    static @Nullable SignatureAlgorithm of(JWSAlgorithm algorithm) {
        String name = algorithm.getName();
        for (SignatureAlgorithm each : values()) {
            if (each.jose.equals(name)) {
                return each;
            }
        }
        return name.equals("Ed25519") ? EDDSA : null;
    }
}
