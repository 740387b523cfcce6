package io.lynx.opentelemetry;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * How a collector is trusted, and how the service identifies itself to it. Immutable.
 *
 * @param authorities of the collector's certificate; without them, those of the JVM are trusted
 * @param certificate of the service, with its chain
 * @param key the private key of that certificate
 */
record OtlpTls(Optional<CollectorPem> authorities, Optional<CollectorPem> certificate, Optional<CollectorPem> key) {
    private static final char[] NO_PASSWORD = {};

    /**
     * Reads the files; returns null if none is set.
     *
     * @throws IllegalArgumentException if one cannot be used
     */
    @Nullable
    SSLContext context() {
        if (authorities.isEmpty() && certificate.isEmpty() && key.isEmpty()) {
            return null;
        }
        CollectorPem alone = certificate.isEmpty() ? key.orElse(null) : key.isEmpty() ? certificate.get() : null;
        if (alone != null) {
            throw alone.unusable("cannot be used alone, a client has a certificate and a key", null);
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(identity(), trust(), null);
            return context;
        } catch (GeneralSecurityException | IOException impossible) {
            throw new IllegalArgumentException("TLS: " + impossible, impossible);
        }
    }

    private TrustManager @Nullable [] trust() throws GeneralSecurityException, IOException {
        if (authorities.isEmpty()) {
            return null;
        }
        KeyStore store = emptyStore();
        int number = 0;
        for (Certificate each : authorities.get().certificates()) {
            store.setCertificateEntry("authority-" + number++, each);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private KeyManager @Nullable [] identity() throws GeneralSecurityException, IOException {
        if (certificate.isEmpty() || key.isEmpty()) {
            return null;
        }
        List<Certificate> chain = certificate.get().certificates();
        KeyStore store = emptyStore();
        store.setKeyEntry(
                "client",
                key.get().privateKey(chain.getFirst().getPublicKey().getAlgorithm()),
                NO_PASSWORD,
                chain.toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, NO_PASSWORD);
        return store;
    }
}
