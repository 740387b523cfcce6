package io.lynx.systemtest.dist;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The checksums that public repositories demand. */
enum Checksum {
    MD5("MD5", ".md5"),
    SHA1("SHA-1", ".sha1"),
    SHA256("SHA-256", ".sha256"),
    SHA512("SHA-512", ".sha512");

    private final String algorithm;
    private final String ending;

    Checksum(String algorithm, String ending) {
        this.algorithm = algorithm;
        this.ending = ending;
    }

    /** Returns the file that has the checksum of {@code file}. */
    Path beside(Path file) {
        return file.resolveSibling(file.getFileName() + ending);
    }

    /** Returns whether a file has a checksum. */
    static boolean isOne(Path file) {
        for (Checksum checksum : values()) {
            if (file.toString().endsWith(checksum.ending)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the checksum in hexadecimal digits. */
    String of(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
