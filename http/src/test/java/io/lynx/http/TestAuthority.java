package io.lynx.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * A certificate authority of a test. It encodes certificates itself (RFC 5280, 4.1): {@code keytool} would start a JVM for each, which
 * takes seconds on a busy machine.
 */
final class TestAuthority {
    static final String PASSWORD = "changeit";

    private static final List<String> LOOPBACK = List.of("dns:localhost", "ip:127.0.0.1");
    private static final String SIGNATURE = "06082a8648ce3d040302"; // ecdsa-with-SHA256
    private static final String BASIC_CONSTRAINTS = "0603551d13";
    private static final String ALTERNATIVE_NAMES = "0603551d11";
    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Path directory;
    private final PrivateKey key;
    private final X509Certificate certificate;
    private long serial;

    private TestAuthority(Path directory) throws Exception {
        this.directory = directory;
        KeyPair pair = pair("EC", 256);
        this.key = pair.getPrivate();
        this.certificate =
                certificate("authority", pair, List.of(), Instant.now().minus(30, ChronoUnit.DAYS), 1000);
    }

    /**
     * The files of one certificate.
     *
     * @param certificate with its chain (PEM)
     * @param key its private key (PEM)
     * @param store a PKCS #12 file of both
     */
    record Issued(Path certificate, Path key, Path store) {}

    /** Makes one whose files are in {@code directory}. */
    static TestAuthority in(Path directory) throws Exception {
        TestAuthority authority = new TestAuthority(directory);
        Files.writeString(authority.certificate(), pem("CERTIFICATE", authority.certificate.getEncoded()));
        return authority;
    }

    /** The PEM file of the authority's own certificate. */
    Path certificate() {
        return directory.resolve("authority.pem");
    }

    /** Issues a certificate for {@code localhost} and 127.0.0.1. */
    Issued issue(String name) throws Exception {
        return issueFor(name, LOOPBACK);
    }

    /** Issues a certificate for names such as {@code dns:localhost}, {@code ip:::1} and {@code email:a@example.org}. */
    Issued issueFor(String name, List<String> names) throws Exception {
        return issue(name, pair("EC", 256), names, Instant.now().minus(1, ChronoUnit.HOURS), 90);
    }

    /** Issues one with a key of RSA. */
    Issued issueRsa(String name) throws Exception {
        return issue(name, pair("RSA", 2048), LOOPBACK, Instant.now().minus(1, ChronoUnit.HOURS), 90);
    }

    /** Issues one whose time is over. */
    Issued issueExpired(String name) throws Exception {
        return issue(name, pair("EC", 256), LOOPBACK, Instant.now().minus(10, ChronoUnit.DAYS), 1);
    }

    private Issued issue(String name, KeyPair pair, List<String> names, Instant from, int days) throws Exception {
        Certificate[] chain = {certificate(name, pair, names, from, days), certificate};
        Path pem = Files.writeString(
                directory.resolve(name + ".pem"),
                pem("CERTIFICATE", chain[0].getEncoded()) + pem("CERTIFICATE", chain[1].getEncoded()));
        Path keyFile = Files.writeString(
                directory.resolve(name + ".key"),
                pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
        Path file = directory.resolve(name + ".p12");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(name, pair.getPrivate(), PASSWORD.toCharArray(), chain);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
        return new Issued(pem, keyFile, file);
    }

    /** The context of clients that trust this authority and have that certificate, or none. */
    SSLContext client(@Nullable Issued own) throws Exception {
        return client(own, this);
    }

    /** The context of clients that have that certificate, or none, and trust {@code trustedOne}. */
    static SSLContext client(@Nullable Issued own, TestAuthority trustedOne) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", trustedOne.certificate);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        KeyManager[] managers = null;
        if (own != null) {
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(new ByteArrayInputStream(Files.readAllBytes(own.store())), PASSWORD.toCharArray());
            factory.init(keys, PASSWORD.toCharArray());
            managers = factory.getKeyManagers();
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers, trust.getTrustManagers(), null);
        return context;
    }

    @SuppressWarnings("InsecureCryptoUsage") // EC and RSA.
    private static KeyPair pair(String algorithm, int size) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(size);
        return generator.generateKeyPair();
    }

    /** Returns a certificate; one without names is that of an authority. */
    private X509Certificate certificate(String name, KeyPair pair, List<String> names, Instant from, int days)
            throws Exception {
        byte[] algorithm = der(0x30, hex(SIGNATURE));
        byte[] validity = der(0x30, time(from), time(from.plus(days, ChronoUnit.DAYS)));
        byte[] extension = names.isEmpty()
                ? der(0x30, hex(BASIC_CONSTRAINTS), hex("0101ff"), der(0x04, der(0x30, hex("0101ff"))))
                : der(0x30, hex(ALTERNATIVE_NAMES), der(0x04, der(0x30, alternatives(names))));
        byte[] body = der(
                0x30,
                der(0xa0, hex("020102")),
                der(0x02, BigInteger.valueOf(++serial).toByteArray()),
                algorithm,
                new X500Principal("CN=authority").getEncoded(),
                validity,
                new X500Principal("CN=" + name).getEncoded(),
                pair.getPublic().getEncoded(),
                der(0xa3, der(0x30, extension)));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(names.isEmpty() ? pair.getPrivate() : key);
        signature.update(body);
        byte[] whole = der(0x30, body, algorithm, der(0x03, new byte[] {0}, signature.sign()));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole));
    }

    private static byte[] time(Instant instant) {
        return der(0x17, UTC.format(instant).getBytes(US_ASCII));
    }

    private static byte[] alternatives(List<String> names) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String name : names) {
            String value = name.substring(name.indexOf(':') + 1);
            all.writeBytes(
                    switch (name.substring(0, name.indexOf(':'))) {
                        case "email" -> der(0x81, value.getBytes(US_ASCII));
                        case "dns" -> der(0x82, value.getBytes(US_ASCII));
                        default -> der(0x87, InetAddress.ofLiteral(value).getAddress());
                    });
        }
        return all.toByteArray();
    }

    /** DER (X.690, 8.1): a tag, the length, and these pieces. */
    private static byte[] der(int tag, byte[]... pieces) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            content.writeBytes(piece);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(tag);
        int length = content.size();
        if (length > 0xff) {
            all.writeBytes(new byte[] {(byte) 0x82, (byte) (length >> 8)});
        } else if (length > 0x7f) {
            all.write(0x81);
        }
        all.write(length);
        all.writeBytes(content.toByteArray());
        return all.toByteArray();
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private static String pem(String kind, byte[] bytes) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
    }
}
