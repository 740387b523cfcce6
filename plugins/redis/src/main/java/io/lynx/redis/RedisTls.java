package io.lynx.redis;

import io.lynx.plugin.external.TlsConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * TLS with the PEM files of a {@link TlsConfig}, which are read again when a connection is opened after they have changed. Thread-safe.
 */
final class RedisTls {
    private static final String KEY_BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String KEY_END = "-----END PRIVATE KEY-----";
    private static final char[] NO_PASSWORD = {};

    private final TlsConfig files;
    private volatile Loaded loaded;

    private record Loaded(List<FileTime> times, SSLSocketFactory sockets) {}

    /**
     * Reads the files.
     *
     * @throws IllegalArgumentException if one cannot be used
     */
    RedisTls(TlsConfig files) {
        this.files = files;
        this.loaded = load(times());
    }

    /** Returns the parameters of connections: the name of the server is verified. */
    static SSLParameters parameters() {
        SSLParameters parameters = new SSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        return parameters;
    }

    /** Returns a factory that uses the present files. */
    SSLSocketFactory sockets() {
        return new CurrentSockets();
    }

    private SSLSocketFactory current() {
        Loaded known = loaded;
        List<FileTime> now = times();
        if (!known.times().equals(now)) {
            try {
                known = load(now);
                loaded = known;
            } catch (IllegalArgumentException halfWritten) {
                // The files that were valid go on until those on the disk fit together.
                return known.sockets();
            }
        }
        return known.sockets();
    }

    private List<FileTime> times() {
        List<FileTime> times = new ArrayList<>();
        Stream.of(files.ca(), files.certificate(), files.key())
                .flatMap(Optional::stream)
                .forEach(file -> {
                    try {
                        times.add(Files.getLastModifiedTime(Path.of(file)));
                    } catch (IOException absent) {
                        times.add(FileTime.fromMillis(0));
                    }
                });
        return times;
    }

    private Loaded load(List<FileTime> times) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(identity(), trust(), null);
            return new Loaded(times, context.getSocketFactory());
        } catch (GeneralSecurityException | IOException impossible) {
            throw new IllegalArgumentException("tls: " + impossible, impossible);
        }
    }

    private TrustManager @Nullable [] trust() throws GeneralSecurityException, IOException {
        if (files.ca().isEmpty()) {
            return null;
        }
        KeyStore store = emptyStore();
        int number = 0;
        for (Certificate each : certificates("tls.ca", files.ca().get())) {
            store.setCertificateEntry("authority-" + number++, each);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private KeyManager @Nullable [] identity() throws GeneralSecurityException, IOException {
        if (files.certificate().isEmpty() || files.key().isEmpty()) {
            return null;
        }
        List<Certificate> chain =
                certificates("tls.certificate", files.certificate().get());
        KeyStore store = emptyStore();
        PrivateKey key =
                privateKey(files.key().get(), chain.getFirst().getPublicKey().getAlgorithm());
        store.setKeyEntry("client", key, NO_PASSWORD, chain.toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, NO_PASSWORD);
        return store;
    }

    private static byte[] read(String key, String file) {
        try {
            return Files.readAllBytes(Path.of(file));
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(
                    key + ": '" + file + "' cannot be read ("
                            + unreadable.getClass().getSimpleName() + "); name a PEM file",
                    unreadable);
        }
    }

    private static List<Certificate> certificates(String key, String file) throws GeneralSecurityException {
        List<Certificate> all = List.copyOf(CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(read(key, file))));
        if (all.isEmpty()) {
            throw new IllegalArgumentException(key + ": '" + file + "' has no certificate; name a PEM file");
        }
        return all;
    }

    private static PrivateKey privateKey(String file, String algorithm) throws GeneralSecurityException {
        String text = new String(read("tls.key", file), StandardCharsets.US_ASCII);
        int begin = text.indexOf(KEY_BEGIN);
        int end = text.indexOf(KEY_END);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException(
                    "tls.key: '" + file + "' has no unencrypted private key; name a PEM file in the format PKCS #8");
        }
        byte[] encoded = Base64.getMimeDecoder().decode(text.substring(begin + KEY_BEGIN.length(), end));
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    }

    /** Makes each socket with the files of that moment. */
    private final class CurrentSockets extends SSLSocketFactory {
        @Override
        public String[] getDefaultCipherSuites() {
            return current().getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return current().getSupportedCipherSuites();
        }

        @Override
        public Socket createSocket(Socket plain, String host, int port, boolean closesPlain) throws IOException {
            // Here too, since the pools of sentinels and clusters make their sockets themselves.
            KeptAliveSockets.keepAlive(plain);
            return current().createSocket(plain, host, port, closesPlain);
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return current().createSocket(host, port);
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
            return current().createSocket(host, port, local, localPort);
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return current().createSocket(host, port);
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
            return current().createSocket(host, port, local, localPort);
        }
    }
}
