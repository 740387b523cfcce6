package io.lynx.security.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A digest of a token, a key or a password, of 256 bits: what is kept in place of it. Immutable. */
record TokenDigest(long first, long second, long third, long fourth) {
    static TokenDigest of(String text) {
        return ofBytes(sha256(text));
    }

    /** Takes 32 bytes. */
    static TokenDigest ofBytes(byte[] digest) {
        ByteBuffer bytes = ByteBuffer.wrap(digest);
        return new TokenDigest(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }

    /** Reads 64 hexadecimal digits. */
    static TokenDigest ofHex(String digits) {
        return ofBytes(HexFormat.of().parseHex(digits));
    }

    static String hex(String text) {
        return HexFormat.of().formatHex(sha256(text));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /** The bits of a digest are spread already. */
    @Override
    public int hashCode() {
        return Long.hashCode(first);
    }

    /** Never shows the digest, by which a guess could be checked. */
    @Override
    public String toString() {
        return "TokenDigest";
    }
}
