package io.lynx.transport.engine.tls;

import io.lynx.transport.CertificateFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the certificates of a listener with their keys. Stateless. */
final class IdentityReader {
    private IdentityReader() {}

    /**
     * Returns what the files of one certificate hold; a PKCS #12 file may hold several.
     *
     * @param section the section that messages name, such as {@code lynx.http.tls}
     * @param contents reads files
     * @throws IllegalArgumentException if one cannot be used; the message names its key and what is allowed
     */
    static List<ServerIdentity> read(String section, CertificateFiles files, TlsFileContents contents) {
        String key = section + ".certificate";
        byte[] content = contents.of(key, files.certificate());
        String password = files.password().orElse(null);
        if (PemFile.isBinary(content)) {
            if (files.key().isPresent()) {
                throw new IllegalArgumentException(section + ".key: set, although " + files.certificate()
                        + " is a PKCS #12 file, which holds the key;" + " remove it");
            }
            return store(key, files.certificate(), content, password);
        }
        List<X509Certificate> chain = TlsOptions.chain(key, files.certificate(), content);
        String keyKey = files.key().isPresent() ? section + ".key" : key;
        String keyFile = files.key().orElse(files.certificate());
        byte[] keyContent = files.key().isPresent() ? contents.of(keyKey, keyFile) : content;
        PublicKey certified = chain.getFirst().getPublicKey();
        PrivateKey read;
        try {
            read = PrivateKeyReader.read(keyPart(keyContent), password, certified);
        } catch (IllegalArgumentException unusable) {
            throw new IllegalArgumentException(
                    keyKey + ": " + keyFile + " " + unusable.getMessage() + "; a PEM file with BEGIN PRIVATE KEY"
                            + " (PKCS #8) or BEGIN ENCRYPTED PRIVATE KEY",
                    unusable);
        }
        requirePair(keyKey, keyFile, files.certificate(), read, certified);
        return List.of(new ServerIdentity(chain, read));
    }

    private static PemFile.Part keyPart(byte[] content) {
        return PemFile.parts(content).stream()
                .filter(PrivateKeyReader::isKey)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("holds no private key"));
    }

    private static List<ServerIdentity> store(String key, String file, byte[] content, @Nullable String password) {
        char[] secret = password == null ? new char[0] : password.toCharArray();
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(content), secret);
            List<ServerIdentity> identities = new ArrayList<>();
            for (String alias : Collections.list(store.aliases())) {
                Certificate[] chain = store.getCertificateChain(alias);
                if (store.getKey(alias, secret) instanceof PrivateKey read && chain != null) {
                    List<X509Certificate> certificates = Arrays.stream(chain)
                            .map(X509Certificate.class::cast)
                            .toList();
                    requirePair(key, file, file, read, certificates.getFirst().getPublicKey());
                    identities.add(new ServerIdentity(certificates, read));
                }
            }
            if (identities.isEmpty()) {
                throw new IllegalArgumentException(key + ": " + file + " holds no private key with its certificate");
            }
            return identities;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    key + ": " + file + " cannot be read (" + e.getMessage()
                            + "); a PEM file, or a PKCS #12 file and its" + " password",
                    e);
        }
    }

    /** A key of another certificate would fail every handshake. */
    private static void requirePair(
            String key, String file, String certificate, PrivateKey signing, PublicKey certified) {
        String algorithm =
                switch (certified.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    case "EdDSA" -> "EdDSA";
                    default -> null;
                };
        if (algorithm == null) {
            return;
        }
        try {
            byte[] text = {1, 2, 3, 4};
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(signing);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(text);
            if (signature.verify(signed)) {
                return;
            }
        } catch (GeneralSecurityException mismatch) {
            throw new IllegalArgumentException(notAPair(key, file, certificate), mismatch);
        }
        throw new IllegalArgumentException(notAPair(key, file, certificate));
    }

    private static String notAPair(String key, String file, String certificate) {
        return key + ": " + file + " is not the private key of the first certificate in " + certificate;
    }
}
