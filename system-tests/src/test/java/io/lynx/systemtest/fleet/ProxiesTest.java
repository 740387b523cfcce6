package io.lynx.systemtest.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.SystemTests;
import io.lynx.systemtest.app.ProxiedService;
import io.lynx.systemtest.fleet.EdgeProxy.Kind;
import io.lynx.systemtest.process.Launch;
import io.lynx.testkit.Await;
import io.lynx.testkit.LoopbackCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two instances behind a real proxy, configured as the guide says, with requests, uploads, server-sent events and WebSockets by TLS, while
 * each instance is restarted.
 */
@Timeout(600)
final class ProxiesTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final long UPLOAD = SystemTests.areFull() ? 1024L * 1024 * 1024 : 3L * 1024 * 1024;
    private static final int ROUNDS = SystemTests.count(1, 2);

    @TempDir
    private Path folder;

    private LoopbackCertificate certificate;
    private LoopbackCertificate renewed;
    private SSLContext trust;
    private Path used;

    @BeforeEach
    void makesCertificates() throws Exception {
        certificate = LoopbackCertificate.make(Files.createDirectory(folder.resolve("first")));
        renewed = LoopbackCertificate.make(Files.createDirectory(folder.resolve("second")));
        trust = trusting(certificate, renewed);
        used = Files.createDirectory(folder.resolve("used"));
        install(certificate);
    }

    private static SSLContext trusting(LoopbackCertificate... certificates) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        for (LoopbackCertificate one : certificates) {
            trusted.setCertificateEntry(one.certificate().toString(), read(one));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static Certificate read(LoopbackCertificate one) throws Exception {
        try (InputStream in = Files.newInputStream(one.certificate())) {
            return CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private void install(LoopbackCertificate other) throws IOException {
        Files.copy(other.key(), used.resolve("key.pem"), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(other.certificate(), used.resolve("certificate.pem"), StandardCopyOption.REPLACE_EXISTING);
    }

    private Launch service(Kind kind, int port) {
        String tls = kind.isPassthrough()
                ? "    tls: {certificate: %1$s/certificate.pem, key: %1$s/key.pem, reload_interval: 1s}\n"
                        .formatted(used)
                : "";
        return Launch.of(ProxiedService.class).withoutClassPath("/examples/").file("config.yml", """
            lynx:
              application: {name: proxied, version: 1.0.0}
              metrics: {prometheus: {host: 127.0.0.1, port: 0}}
              startup: {timeout: 110s, plugin_timeout: 100s}
              shutdown: {drain_delay: 3s, timeout: 100s}
              http:
                host: 127.0.0.1
                port: %d
                trusted_proxies: [127.0.0.1]
                proxy_protocol: %s
            %s""".formatted(
                        port, kind.sendsProxyHeader(), tls));
    }

    private Certificate shownBy(EdgeProxy proxy) throws IOException {
        try (SSLSocket socket = (SSLSocket) trust.getSocketFactory().createSocket("127.0.0.1", proxy.port())) {
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    /** The proxy chooses the instances in turn. */
    private boolean isShownByBoth(Certificate wanted, EdgeProxy proxy) throws IOException {
        Certificate first = shownBy(proxy);
        return first.equals(wanted) && shownBy(proxy).equals(wanted);
    }

    private List<EdgeProxy> startProxies(Fleet fleet, List<Kind> kinds, Closer closer) throws Exception {
        List<EdgeProxy> proxies = new ArrayList<>();
        for (Kind kind : kinds) {
            proxies.add(closer.add(EdgeProxy.start(kind, fleet.ports(), certificate)));
        }
        return proxies;
    }

    private List<EdgeClients> startClients(List<EdgeProxy> proxies, Closer closer) throws Exception {
        List<EdgeClients> all = new ArrayList<>();
        for (EdgeProxy proxy : proxies) {
            EdgeClients clients = closer.add(EdgeClients.start(proxy.url(), trust, UPLOAD));
            Await.asserted("every client is served", PATIENCE, () -> assertThat(clients.isRunning())
                    .as("%s; %s\n%s", clients, clients.failures(), proxy.complaints())
                    .isTrue());
            all.add(clients);
        }
        return all;
    }

    private static void restart(Fleet fleet, List<EdgeProxy> proxies, int instances) throws InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < instances; i++) {
                int index = i;
                List<Long> before =
                        proxies.stream().map(proxy -> proxy.timesUp(index)).toList();
                fleet.restart(index);
                for (int j = 0; j < proxies.size(); j++) {
                    proxies.get(j).awaitUp(index, before.get(j));
                }
            }
        }
    }

    private static void assertNothingIsLost(List<EdgeProxy> proxies, List<EdgeClients> all) {
        for (int i = 0; i < all.size(); i++) {
            EdgeClients clients = all.get(i);
            assertThat(clients.failures())
                    .as("%s: %s\n%s", proxies.get(i), clients, proxies.get(i).complaints())
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource
    void instancesAreRestartedWithoutALostRequest(List<Kind> kinds) throws Exception {
        try (Closer closer = new Closer()) {
            Fleet fleet = closer.add(Fleet.start(2, port -> service(kinds.getFirst(), port)));
            List<EdgeProxy> proxies = startProxies(fleet, kinds, closer);
            List<EdgeClients> clients = startClients(proxies, closer);

            restart(fleet, proxies, 2);

            assertNothingIsLost(proxies, clients);
            assertThat(clients).allMatch(each -> each.goodbyes() > 0);
        }
    }

    /** The proxies that have the same two instances behind them. */
    static Stream<List<Kind>> instancesAreRestartedWithoutALostRequest() {
        return Stream.of(List.of(Kind.HAPROXY_HTTP1, Kind.NGINX), List.of(Kind.HAPROXY_HTTP2));
    }

    @Test
    void certificatesAreRenewedBehindAProxyThatPassesBytesOn() throws Exception {
        try (Closer closer = new Closer()) {
            Fleet fleet = closer.add(Fleet.start(2, port -> service(Kind.HAPROXY_TCP, port)));
            List<EdgeProxy> proxies = startProxies(fleet, List.of(Kind.HAPROXY_TCP), closer);
            List<EdgeClients> clients = startClients(proxies, closer);
            EdgeProxy proxy = proxies.getFirst();
            assertThat(shownBy(proxy)).isEqualTo(read(certificate));

            install(renewed);

            Certificate next = read(renewed);
            Await.until("the new certificate is shown by both", PATIENCE, () -> isShownByBoth(next, proxy));
            restart(fleet, proxies, SystemTests.count(1, 2));
            assertNothingIsLost(proxies, clients);
        }
    }

    /** Closes what a test has started, the last one first. */
    private static final class Closer implements AutoCloseable {
        private final Deque<AutoCloseable> started = new ArrayDeque<>();

        <T extends AutoCloseable> T add(T one) {
            started.push(one);
            return one;
        }

        @Override
        public void close() throws Exception {
            while (!started.isEmpty()) {
                started.pop().close();
            }
        }
    }
}
