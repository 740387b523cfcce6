package io.lynx.security.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Digests by a random key, HMAC with SHA-256: useless without the memory of this process, which a plain hash of a password is not.
 * Thread-safe.
 */
final class KeyedDigest {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY = 32;

    private final SecretKeySpec key;

    KeyedDigest() {
        byte[] random = new byte[KEY];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, ALGORITHM);
    }

    /** Returns the digest of two texts, which depends on where the one ends and the other begins. */
    TokenDigest of(String first, String second) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            byte[] bytes = first.getBytes(StandardCharsets.UTF_8);
            mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
            mac.update(bytes);
            return TokenDigest.ofBytes(mac.doFinal(second.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, impossible);
        }
    }
}
