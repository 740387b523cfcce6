package io.lynx.security.http;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A hashed password: {@code pbkdf2-sha256$iterations$salt$hash}, salt and hash in Base64. Immutable.
 *
 * @param salt in hexadecimal digits
 * @param hash in hexadecimal digits
 */
record PasswordHash(int iterations, String salt, String hash) {
    /** What OWASP recommends for PBKDF2 with HMAC-SHA-256. */
    static final int ITERATIONS = 600_000;

    private static final String SCHEME = "pbkdf2-sha256";
    private static final int FEWEST_ITERATIONS = 100_000;
    private static final int MOST_ITERATIONS = 10_000_000;
    private static final int SALT = 16;
    private static final int LENGTH = 32;

    /**
     * Reads a hash.
     *
     * @throws IllegalArgumentException if it is malformed or too weak; the message does not quote it
     */
    static PasswordHash parse(String text) {
        String[] parts = text.split("\\$", -1);
        if (parts.length != 4 || !parts[0].equals(SCHEME) || !parts[1].matches("\\d{1,8}")) {
            throw new IllegalArgumentException(
                    "password: not hashed; pbkdf2-sha256$iterations$salt$hash, which HashedCredential prints");
        }
        int iterations = Integer.parseInt(parts[1]);
        if (iterations < FEWEST_ITERATIONS || iterations > MOST_ITERATIONS) {
            throw new IllegalArgumentException(
                    "password: " + iterations + " iterations; " + FEWEST_ITERATIONS + " to " + MOST_ITERATIONS);
        }
        byte[] salt;
        byte[] hash;
        try {
            salt = Base64.getDecoder().decode(parts[2]);
            hash = Base64.getDecoder().decode(parts[3]);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException("password: salt or hash is not Base64", malformed);
        }
        if (salt.length < SALT || hash.length != LENGTH) {
            throw new IllegalArgumentException("password: a salt of " + salt.length + " and a hash of " + hash.length
                    + " bytes; at least " + SALT + ", and " + LENGTH);
        }
        return new PasswordHash(
                iterations, HexFormat.of().formatHex(salt), HexFormat.of().formatHex(hash));
    }

    /** Returns one that no password has, for users that do not exist. */
    static PasswordHash ofNobody(int iterations) {
        byte[] random = new byte[SALT + LENGTH];
        new SecureRandom().nextBytes(random);
        return new PasswordHash(
                iterations,
                HexFormat.of().formatHex(random, 0, SALT),
                HexFormat.of().formatHex(random, SALT, SALT + LENGTH));
    }

    /** Returns the hash of a password. */
    static PasswordHash of(char[] password, byte[] salt, int iterations) {
        return new PasswordHash(
                iterations,
                HexFormat.of().formatHex(salt),
                HexFormat.of().formatHex(derive(password, salt, iterations)));
    }

    /** Returns whether this is the hash of that password. It takes long on purpose. */
    boolean matches(char[] password) {
        byte[] derived = derive(password, HexFormat.of().parseHex(salt), iterations);
        return MessageDigest.isEqual(derived, HexFormat.of().parseHex(hash));
    }

    private static byte[] derive(char[] password, byte[] salt, int iterations) {
        PBEKeySpec spec = new PBEKeySpec(password, salt, iterations, LENGTH * 8);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has PBKDF2WithHmacSHA256", impossible);
        } finally {
            spec.clearPassword();
            Arrays.fill(password, ' ');
        }
    }

    /** Returns the form that is configured. */
    String text() {
        Base64.Encoder base64 = Base64.getEncoder();
        return SCHEME + "$" + iterations + "$"
                + base64.encodeToString(HexFormat.of().parseHex(salt)) + "$"
                + base64.encodeToString(HexFormat.of().parseHex(hash));
    }

    /** Never shows the hash. */
    @Override
    public String toString() {
        return SCHEME + "$" + iterations;
    }
}
