package io.lynx.security.http;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;

/** A public key on Edwards25519, verified by the JDK: the JOSE library needs another library for it. Immutable. */
final class Ed25519Key {
    private static final int LENGTH = 32;

    private final PublicKey key;

    private Ed25519Key(PublicKey key) {
        this.key = key;
    }

    /**
     * Reads the encoding of RFC 8032: y in little-endian order, its highest bit being the parity of x.
     *
     * @throws IllegalArgumentException if it is not a point of the curve
     */
    static Ed25519Key of(byte[] encoded) {
        if (encoded.length != LENGTH) {
            throw new IllegalArgumentException("Ed25519: " + encoded.length + " bytes; " + LENGTH);
        }
        byte[] bigEndian = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            bigEndian[i] = encoded[LENGTH - 1 - i];
        }
        boolean isOdd = (bigEndian[0] & 0x80) != 0;
        bigEndian[0] &= 0x7f;
        EdECPoint point = new EdECPoint(isOdd, new BigInteger(1, bigEndian));
        try {
            return new Ed25519Key(KeyFactory.getInstance("Ed25519")
                    .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point)));
        } catch (GeneralSecurityException notAPoint) {
            throw new IllegalArgumentException("Ed25519: not a point of the curve", notAPoint);
        }
    }

    boolean verifies(byte[] signed, byte[] signature) {
        try {
            Signature verification = Signature.getInstance("Ed25519");
            verification.initVerify(key);
            verification.update(signed);
            return verification.verify(signature);
        } catch (GeneralSecurityException malformed) {
            return false;
        }
    }
}
