package io.lynx.security.http;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import org.jspecify.annotations.Nullable;

/**
 * A public key of an issuer, for the algorithms that fit its type. A token that is verified with it is accepted until the issuer no longer
 * publishes the key. Thread-safe.
 */
final class VerificationKey {
    private static final int SMALLEST_RSA = 2048;
    private static final int LARGEST_RSA = 8192;

    private final JWK key;
    private final @Nullable JWSVerifier verifier;
    private final @Nullable Ed25519Key edwards;
    private volatile boolean isWithdrawn;

    private VerificationKey(JWK key, @Nullable JWSVerifier verifier, @Nullable Ed25519Key edwards) {
        this.key = key;
        this.verifier = verifier;
        this.edwards = edwards;
    }

    /** Returns the key; null if it is not one by which signatures of tokens can be verified. */
    static @Nullable VerificationKey of(JWK published) {
        boolean isForSignatures =
                published.getKeyUse() == null || published.getKeyUse().equals(KeyUse.SIGNATURE);
        boolean mayVerify = published.getKeyOperations() == null
                || published.getKeyOperations().contains(KeyOperation.VERIFY);
        JWK key = published.toPublicJWK();
        if (key == null || !isForSignatures || !mayVerify) {
            return null;
        }
        try {
            return switch (key) {
                case RSAKey rsa
                when rsa.size() >= SMALLEST_RSA && rsa.size() <= LARGEST_RSA ->
                    new VerificationKey(key, new RSASSAVerifier(rsa), null);
                case ECKey ec when isUsable(ec.getCurve()) -> new VerificationKey(key, new ECDSAVerifier(ec), null);
                case OctetKeyPair pair
                when pair.getCurve().equals(Curve.Ed25519) ->
                    new VerificationKey(key, null, Ed25519Key.of(pair.getDecodedX()));
                default -> null;
            };
        } catch (JOSEException | IllegalArgumentException unusable) {
            return null;
        }
    }

    private static boolean isUsable(Curve curve) {
        return curve.equals(Curve.P_256) || curve.equals(Curve.P_384) || curve.equals(Curve.P_521);
    }

    /** Returns what the issuer published. */
    JWK published() {
        return key;
    }

    @Nullable
    String id() {
        return key.getKeyID();
    }

    /** Returns whether signatures by that algorithm can have been made with the key. */
    boolean fits(JWSHeader header, SignatureAlgorithm algorithm) {
        if (key.getAlgorithm() != null && !isSame(key.getAlgorithm().getName(), header, algorithm)) {
            return false;
        }
        return algorithm == SignatureAlgorithm.EDDSA
                ? edwards != null
                : verifier != null && verifier.supportedJWSAlgorithms().contains(header.getAlgorithm());
    }

    private static boolean isSame(String name, JWSHeader header, SignatureAlgorithm algorithm) {
        return name.equals(header.getAlgorithm().getName())
                || (algorithm == SignatureAlgorithm.EDDSA && (name.equals("EdDSA") || name.equals("Ed25519")));
    }

    /** Returns whether the signature is right. */
    boolean verifies(JWSHeader header, byte[] signed, byte[] signature) {
        try {
            if (edwards != null) {
                return edwards.verifies(signed, signature);
            }
            return verifier != null && verifier.verify(header, signed, Base64URL.encode(signature));
        } catch (JOSEException malformed) {
            return false;
        }
    }

    /** The issuer no longer publishes the key. */
    void withdraw() {
        isWithdrawn = true;
    }

    boolean isWithdrawn() {
        return isWithdrawn;
    }
}
