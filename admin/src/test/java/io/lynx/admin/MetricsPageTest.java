package io.lynx.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.lynx.admin.RawHttp.Answer;
import io.lynx.app.Application;
import io.lynx.app.ApplicationState;
import io.lynx.app.ShutdownReport;
import io.lynx.http.HttpServer;
import io.lynx.metrics.Metric;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.testkit.Await;
import io.lynx.time.Deadline;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsPageTest {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final AdminPlugin admin = new AdminPlugin(PATIENCE);
    private final HttpServer server = HttpServer.with(_ -> {});
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    private Application started(List<Plugin> plugins, String... settings) {
        Application.Builder builder = Application.builder()
                .set("lynx.application.name", "orders")
                .set("lynx.application.version", "1.4.0")
                .set("lynx.http.port", "0")
                .set("lynx.http.host", "127.0.0.1")
                .set("lynx.metrics.prometheus.port", "0")
                .set("lynx.metrics.prometheus.host", "127.0.0.1")
                .plugin(admin)
                .plugin(new ServicePages())
                .plugin(server)
                .discoverPlugins(false);
        plugins.forEach(builder::plugin);
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            builder.set(setting.substring(0, equals), setting.substring(equals + 1));
        }
        Application application = builder.build();
        open.add(application);
        application.start();
        return application;
    }

    private RawHttp management() {
        return new RawHttp(admin.url());
    }

    private HttpURLConnection get(String header, String value) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(admin.url() + "/metrics").toURL().openConnection();
        connection.setReadTimeout(20_000);
        connection.setRequestProperty(header, value);
        return connection;
    }

    private static byte[] body(HttpURLConnection connection) throws IOException {
        try (InputStream in = connection.getInputStream()) {
            return in.readAllBytes();
        }
    }

    /** Makes the answer larger than what fits between two sockets. */
    private static void fill(Application application) {
        fill(application, 40);
    }

    private static void fill(Application application, int metrics) {
        String padding = "x".repeat(190);
        for (int i = 0; i < metrics; i++) {
            Metric metric = Metric.gauge("orders_padding_" + i, "A series that takes room.", "id");
            for (int j = 0; j < 1_000; j++) {
                application.metrics().registry().gauge(metric, padding + j).set(j);
            }
        }
    }

    /** A scraper that asks and reads no more than the first byte of the answer. */
    private Socket hanging() throws IOException {
        URI url = URI.create(admin.url());
        Socket socket = new Socket();
        open.add(socket);
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress(url.getHost(), url.getPort()));
        socket.setSoTimeout(20_000);
        socket.getOutputStream()
                .write("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(socket.getInputStream().read()).isEqualTo('H');
        return socket;
    }

    private int status() {
        try {
            return management().get("/metrics").status();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void answersABrowserWithText() throws Exception {
        started(List.of());

        Answer answer = management().get("/metrics?verbose=1");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).startsWith("text/plain; version=0.0.4; charset=utf-8");
        assertThat(answer.header("cache-control")).isEqualTo("no-store");
        assertThat(answer.body())
                .contains("# TYPE lynx_plugin_count gauge\n")
                .contains("lynx_app_version_info{")
                .contains("lynx_plugin_health_status{plugin_id=\"http\",plugin_name=\"HTTP server\"} 1.0")
                .contains("jvm_memory_used_bytes{");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/openmetrics-text;version=1.0.0,text/plain;q=0.5 | application/openmetrics-text;"
                        + " version=1.0.0",
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"
                        + " | application/vnd.google.protobuf",
                "image/png | text/plain; version=0.0.4"
            })
    void answersInTheRequestedFormat(String accept, String type) throws Exception {
        started(List.of());

        HttpURLConnection response = get("Accept", accept);

        assertThat(response.getResponseCode()).isEqualTo(200);
        assertThat(response.getContentType()).startsWith(type);
        assertThat(response.getHeaderField("vary")).isEqualTo("Accept, Accept-Encoding");
        assertThat(body(response)).hasSizeGreaterThan(1_000);
    }

    @Test
    void compressesForClientsThatAcceptGzip() throws Exception {
        started(List.of());

        HttpURLConnection response = get("Accept-Encoding", "gzip");

        byte[] compressed = body(response);
        assertThat(response.getContentEncoding()).isEqualTo("gzip");
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(text).contains("lynx_plugin_count").endsWith("\n");
            assertThat(compressed.length).isLessThan(text.length() / 2);
        }
    }

    @Test
    void answersHeadWithoutABody() throws Exception {
        started(List.of());

        Answer answer = management().send("HEAD", "/metrics");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).startsWith("text/plain");
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void exposesOnlyTheRequestedNames() throws Exception {
        started(List.of());

        Answer answer = management().get("/metrics?name[]=lynx_plugin_count&name[]=lynx_app_uptime_seconds");

        assertThat(answer.body().lines().filter(line -> line.startsWith("# TYPE ")))
                .containsExactlyInAnyOrder("# TYPE lynx_plugin_count gauge", "# TYPE lynx_app_uptime_seconds gauge");
    }

    @Test
    void isOnTheManagementPortAlone() throws Exception {
        started(List.of());

        assertThat(new RawHttp(server.url()).get("/metrics").status()).isEqualTo(404);
        assertThat(management().send("POST", "/metrics").status()).isEqualTo(405);
    }

    @Test
    void explainsWhyThereAreNoMetrics() throws Exception {
        started(List.of(), "lynx.metrics.enabled=false");

        Answer answer = management().get("/metrics");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
        assertThat(answer.body()).contains("lynx.metrics.enabled: false");
        assertThat(management().get("/health").status()).isEqualTo(200);
    }

    @Test
    void servesTwoScrapesAtATimeAndRefusesTheOthers() throws Exception {
        Application application = started(List.of());
        fill(application, 10); // few enough to be read in time on a busy machine
        int scrapers = 50;

        List<Answer> answers = new ArrayList<>();
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Answer> scrape = () -> management().get("/metrics");
            List<Future<Answer>> running = new ArrayList<>();
            for (int i = 0; i < scrapers; i++) {
                running.add(pool.submit(scrape));
            }
            for (Future<Answer> one : running) {
                answers.add(one.get(60, TimeUnit.SECONDS));
            }
        }

        assertThat(answers.stream().map(Answer::status).collect(Collectors.toSet()))
                .isSubsetOf(200, 503);
        assertThat(answers)
                .filteredOn(answer -> answer.status() == 200)
                .isNotEmpty()
                .allSatisfy(answer -> assertThat(answer.body()).contains("orders_padding_9{"));
        assertThat(answers)
                .filteredOn(answer -> answer.status() == 503)
                .isNotEmpty()
                .allSatisfy(answer -> {
                    assertThat(answer.header("retry-after")).isEqualTo("1");
                    assertThat(answer.body())
                            .contains("scrapes are in progress")
                            .doesNotContain("\tat ");
                });
        assertThat(status()).isEqualTo(200);
    }

    @Test
    void aScraperThatStopsReadingBlocksOthersOnlyBriefly() throws Exception {
        Application application = started(List.of());
        fill(application);
        // On a busy machine, the first scrape may be cut off before the page is requested; so try again with two new
        // ones.
        Await.until("both places are taken", () -> {
            Socket _ = hanging();
            Socket _ = hanging();
            return status() == 503;
        });

        Await.until("the page answers", () -> status() == 200);

        assertThat(management().get("/health").status()).isEqualTo(200);
    }

    @Test
    void aScraperThatHangsDoesNotDelayTheShutdown() throws Exception {
        Application application = started(List.of());
        fill(application);
        Socket _ = hanging();
        Socket idle = hanging();

        long began = System.nanoTime();
        ShutdownReport report = application.stop();

        assertThat(report.isClean()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
        assertThat(idle.isConnected()).isTrue();
    }

    @Test
    void isAvailableUntilTheEnd() throws Exception {
        CountDownLatch stopping = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Plugin slow = new Plugin() {
            @Override
            public PluginDescriptor descriptor() {
                return PluginDescriptor.of("slow").build();
            }

            @Override
            public void start(PluginContext context) {}

            @Override
            public void stop(Deadline deadline) throws Exception {
                stopping.countDown();
                boolean _ = release.await(19, TimeUnit.SECONDS);
            }
        };
        Application application =
                started(List.of(slow), "lynx.shutdown.drain_delay=3s", "lynx.shutdown.plugin_timeout=20s");

        application.requestStop("test");

        Await.until("the application drains", () -> application.state() == ApplicationState.DRAINING);
        Answer draining = management().get("/metrics");
        assertThat(draining.body()).contains("lynx_shutdown_state 1.0");
        assertThat(draining.header("connection")).isEqualTo("close");

        assertThat(stopping.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(management().get("/metrics").body())
                .contains("lynx_shutdown_state 2.0")
                .contains("lynx_plugin_count 5.0");

        release.countDown();
        assertThat(application.awaitStop().isClean()).isTrue();
    }

    @Test
    void answersWhilePluginsRestart() throws Exception {
        Application application = started(List.of());

        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> restarts = pool.submit(() -> {
                for (int i = 0; i < 5; i++) {
                    application.restart("admin.service");
                }
                return null;
            });
            int scrapes = 0;
            do {
                Answer answer = management().get("/metrics");
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.body()).contains("lynx_plugin_count 4.0").endsWith("\n");
                scrapes++;
            } while (!restarts.isDone());
            restarts.get(20, TimeUnit.SECONDS);
            assertThat(scrapes).isPositive();
        }

        assertThat(application.metrics().snapshot().series().get("lynx_plugin_restarts_total"))
                .anySatisfy(series -> {
                    assertThat(series.labels()).contains(entry("plugin_id", "admin.service"));
                    assertThat(series.value()).isEqualTo(5);
                });
        assertThat(application.metrics().snapshot().series().get("lynx_metrics_collector_errors_total"))
                .allMatch(series -> series.value() == 0);
    }

    @Test
    void countsLogEvents() throws Exception {
        started(List.of());

        assertThat(management().get("/metrics?name[]=lynx_log_events_total").body())
                .contains("lynx_log_events_total{level=\"info\"}");
    }
}
