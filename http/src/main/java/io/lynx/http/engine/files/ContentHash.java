package io.lynx.http.engine.files;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/** Entity tags made from content, so that every instance of a service has the same one for the same file. */
final class ContentHash {
    private static final int BYTES = 16;
    private static final int PIECE = 64 * 1024;

    private ContentHash() {}

    /** Reads {@code content} to its end and returns its entity tag. */
    static String etag(InputStream content) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[PIECE];
        for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
            digest.update(buffer, 0, count);
        }
        return etag(digest);
    }

    /** Returns the entity tag of {@code content}. */
    static String etag(byte[] content) {
        MessageDigest digest = sha256();
        digest.update(content);
        return etag(digest);
    }

    private static String etag(MessageDigest digest) {
        byte[] hash = Arrays.copyOf(digest.digest(), BYTES);
        return "\"" + Base64.getUrlEncoder().withoutPadding().encodeToString(hash) + "\"";
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
