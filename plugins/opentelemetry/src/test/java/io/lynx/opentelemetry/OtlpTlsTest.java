package io.lynx.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.app.Application;
import io.lynx.app.ShutdownReport;
import io.lynx.context.Tracing;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.testkit.Await;
import io.lynx.testkit.LoopbackCertificate;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pushes to collectors by TLS, with the files that keys and standard variables name. */
final class OtlpTlsTest {
    private static final String TRACES = "lynx.opentelemetry.traces.";
    private static final String STANDARD = "lynx.opentelemetry.standard.";
    private static final String NOTHING = "of.the.test";

    @TempDir
    private static Path directory;

    private static LoopbackCertificate certificate;
    private static SSLContext tls;

    private final AtomicReference<PluginContext> shop = new AtomicReference<>();

    /** The JDK's tool is a process of its own, which takes its time on a busy machine. */
    @BeforeAll
    @Timeout(180)
    static void makeCertificate() throws Exception {
        certificate = LoopbackCertificate.make(directory);
        CollectorPem own = new CollectorPem(NOTHING, certificate.certificate());
        CollectorPem key = new CollectorPem(NOTHING, certificate.key());
        tls = Objects.requireNonNull(new OtlpTls(Optional.of(own), Optional.of(own), Optional.of(key)).context());
    }

    private final class Shop implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("shop").requires(OpenTelemetryPlugin.ID).build();
        }

        @Override
        public void start(PluginContext context) {
            shop.set(context);
        }
    }

    private Application start(String... settings) {
        Application.Builder builder = Application.builder()
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.2.3")
                .set("lynx.shutdown.timeout", "10s")
                .set(TRACES + "delay", "100ms")
                .plugin(new Shop());
        for (int i = 0; i < settings.length; i += 2) {
            builder.set(settings[i], settings[i + 1]);
        }
        Application application = builder.build();
        application.start();
        return application;
    }

    private void work() throws Exception {
        shop.get().resource(Tracing.KEY).call("sell", () -> "sold");
    }

    private long dropped() {
        long failed = 0;
        for (String reason : new String[] {"push_failed", "queue_full", "shutdown"}) {
            failed += shop.get()
                    .metrics()
                    .registry()
                    .counter(OpenTelemetryPlugin.SPANS_DROPPED, reason)
                    .count();
        }
        return failed;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {TRACES + "certificate_file", STANDARD + "certificate_file", STANDARD + "traces_certificate_file"
            })
    void trustsTheAuthorityThatIsNamed(String key) throws Exception {
        try (Collector collector = Collector.secure(tls, false);
                Application _ = start(
                        TRACES + "endpoint",
                        collector.url(),
                        key,
                        certificate.certificate().toString())) {
            work();

            Span sold = collector.span("sell");
            assertThat(sold.getName()).isEqualTo("sell");
        }
    }

    @Test
    void identifiesItselfToACollectorThatAsksForIt() throws Exception {
        try (Collector collector = Collector.secure(tls, true);
                Application _ = start(
                        TRACES + "endpoint",
                        collector.url(),
                        STANDARD + "certificate_file",
                        certificate.certificate().toString(),
                        STANDARD + "client_certificate_file",
                        certificate.certificate().toString(),
                        TRACES + "client_key_file",
                        certificate.key().toString())) {
            work();

            assertThat(collector.span("sell").getName()).isEqualTo("sell");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCollectorThatIsNotTrustedOrDoesNotTrustGetsNothing(boolean asks) throws Exception {
        try (Collector collector = Collector.secure(tls, asks);
                Application application = asks
                        ? start(
                                TRACES + "endpoint",
                                collector.url(),
                                TRACES + "certificate_file",
                                certificate.certificate().toString())
                        : start(TRACES + "endpoint", collector.url())) {
            work();
            long began = System.nanoTime();
            ShutdownReport _ = application.stop();

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
            assertThat(collector.spans()).isEmpty();
            assertThat(dropped()).isPositive();
        }
    }

    @Test
    void pushesMetricsByTls() throws Exception {
        try (Collector collector = Collector.secure(tls, true);
                Application _ = start(
                        "lynx.opentelemetry.otlp.enabled",
                        "true",
                        "lynx.opentelemetry.otlp.interval",
                        "1s",
                        "lynx.opentelemetry.otlp.endpoint",
                        collector.url(),
                        "lynx.opentelemetry.otlp.certificate_file",
                        certificate.certificate().toString(),
                        "lynx.opentelemetry.otlp.client_certificate_file",
                        certificate.certificate().toString(),
                        "lynx.opentelemetry.otlp.client_key_file",
                        certificate.key().toString())) {
            Await.until("metrics arrive", () -> !collector.isEmpty());
        }
    }

    @Test
    void aFileOfAKeyThatCannotBeUsedEndsTheStart() throws Exception {
        Path missing = directory.resolve("missing.pem");
        Path empty = Files.writeString(directory.resolve("empty.pem"), "");
        Path garbage = Files.writeString(directory.resolve("garbage.pem"), "-----BEGIN CERTIFICATE-----\nZ\n");
        String endpoint = "https://localhost:1";

        assertThatThrownBy(() -> start(TRACES + "endpoint", endpoint, TRACES + "certificate_file", missing.toString()))
                .hasMessageContaining(
                        TRACES + "certificate_file: '" + missing + "' cannot be read: NoSuchFileException");
        assertThatThrownBy(() -> start(TRACES + "endpoint", endpoint, TRACES + "certificate_file", empty.toString()))
                .hasMessageContaining("has no certificate");
        assertThatThrownBy(() -> start(TRACES + "endpoint", endpoint, TRACES + "certificate_file", garbage.toString()))
                .hasMessageContaining("has no readable certificates");
        assertThatThrownBy(() -> start(
                        TRACES + "endpoint",
                        endpoint,
                        TRACES + "client_key_file",
                        certificate.key().toString()))
                .hasMessageContaining("a client has a certificate and a key");
        assertThatThrownBy(() -> start(
                        TRACES + "endpoint",
                        endpoint,
                        TRACES + "client_certificate_file",
                        certificate.certificate().toString(),
                        TRACES + "client_key_file",
                        certificate.certificate().toString()))
                .hasMessageContaining("has no unencrypted private key in the format PKCS #8");
    }

    @Test
    void aFileOfAVariableThatCannotBeUsedSwitchesTheSpansOff() throws Exception {
        Path missing = directory.resolve("missing.pem");
        try (Application _ =
                start(TRACES + "endpoint", "https://localhost:1", STANDARD + "certificate_file", missing.toString())) {
            work();

            assertThat(shop.get().resource(Tracing.KEY).isActive()).isFalse();
        }
    }
}
