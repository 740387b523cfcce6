package io.lynx.transport.engine.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECKey;
import java.security.spec.PKCS8EncodedKeySpec;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/** Reads private keys from parts of PEM files. Stateless. */
final class PrivateKeyReader {
    private static final byte SEQUENCE = 0x30;
    private static final byte OCTETS = 0x04;
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};
    private static final byte[] RSA = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
    };
    private static final byte[] EC = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01};

    private PrivateKeyReader() {}

    /** Returns whether a part is a private key, in whatever form. */
    static boolean isKey(PemFile.Part part) {
        return part.label().endsWith("PRIVATE KEY");
    }

    /**
     * Reads the key of a certificate.
     *
     * @param certified the public key of the certificate
     * @throws IllegalArgumentException if it is malformed or of another kind, or its password is missing or wrong; the message
     *     follows the name of a file
     */
    @SuppressWarnings("InsecureCryptoUsage") // The certificate names the algorithm.
    static PrivateKey read(PemFile.Part part, @Nullable String password, PublicKey certified) {
        byte[] encoded =
                switch (part.label()) {
                    case "PRIVATE KEY" -> bytes(part);
                    case "ENCRYPTED PRIVATE KEY" -> decrypted(bytes(part), password);
                    case "RSA PRIVATE KEY" -> wrapped(RSA, bytes(part));
                    case "EC PRIVATE KEY" -> wrapped(algorithmOf(certified), bytes(part));
                    default ->
                        throw new IllegalArgumentException("holds a private key in the form '" + part.label()
                                + "', which cannot be read; convert it by: openssl pkcs8 -topk8 -in FILE");
                };
        try {
            return KeyFactory.getInstance(certified.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException malformed) {
            throw new IllegalArgumentException(
                    "holds a private key that is malformed, or is not one of " + certified.getAlgorithm()
                            + " as the certificate's",
                    malformed);
        }
    }

    private static byte[] bytes(PemFile.Part part) {
        if (part.text().contains("Proc-Type:")) {
            throw new IllegalArgumentException("holds a private key that is encrypted in the old way of OpenSSL;"
                    + " convert it by: openssl pkcs8 -topk8 -in FILE");
        }
        try {
            return part.bytes();
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException("holds a private key that is not Base64", malformed);
        }
    }

    @SuppressWarnings("InsecureCryptoUsage") // The file names the cipher.
    private static byte[] decrypted(byte[] encoded, @Nullable String password) {
        if (password == null) {
            throw new IllegalArgumentException("holds an encrypted private key; set its password");
        }
        PBEKeySpec secret = new PBEKeySpec(password.toCharArray());
        try {
            EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(encoded);
            AlgorithmParameters parameters = info.getAlgParameters();
            // Those of PBES2 (RFC 8018) name the algorithm by their text.
            String algorithm = parameters == null || !info.getAlgName().startsWith("PBES2")
                    ? info.getAlgName()
                    : parameters.toString();
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(
                    Cipher.DECRYPT_MODE, SecretKeyFactory.getInstance(algorithm).generateSecret(secret), parameters);
            return info.getKeySpec(cipher).getEncoded();
        } catch (IOException | GeneralSecurityException failure) {
            throw new IllegalArgumentException(
                    "holds a private key that cannot be decrypted: its password is wrong, or its encryption unknown",
                    failure);
        } finally {
            secret.clearPassword();
        }
    }

    /** The algorithm and the curve as they are named in a key of PKCS #8. */
    private static byte[] algorithmOf(PublicKey certified) {
        if (!(certified instanceof ECKey key)) {
            throw new IllegalArgumentException(
                    "holds a private key of EC, but the certificate's is one of " + certified.getAlgorithm());
        }
        try {
            AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
            curve.init(key.getParams());
            return tagged(SEQUENCE, joined(EC, curve.getEncoded()));
        } catch (GeneralSecurityException | IOException unknown) {
            throw new IllegalArgumentException("holds a private key whose curve is unknown", unknown);
        }
    }

    /** Returns a key of PKCS #1 or SEC 1 in the form of PKCS #8 (RFC 5208, 5). */
    private static byte[] wrapped(byte[] algorithm, byte[] key) {
        return tagged(SEQUENCE, joined(VERSION_0, algorithm, tagged(OCTETS, key)));
    }

    private static byte[] joined(byte[]... pieces) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            all.writeBytes(piece);
        }
        return all.toByteArray();
    }

    /** DER (X.690, 8.1.3): lengths above 127 are preceded by the number of their bytes. */
    private static byte[] tagged(byte tag, byte[] content) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(tag);
        int length = content.length;
        if (length < 0x80) {
            all.write(length);
        } else {
            int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
            all.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                all.write(length >> (8 * i));
            }
        }
        all.writeBytes(content);
        return all.toByteArray();
    }
}
