package io.lynx.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.app.Application;
import io.lynx.app.StartException;
import io.lynx.health.CheckReport;
import io.lynx.health.Health;
import io.lynx.health.HealthCheckOptions;
import io.lynx.http.HttpServer;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.PluginState;
import io.lynx.testkit.Await;
import io.lynx.time.Deadline;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole applications, over real sockets. */
class OperationsTest {
    private static final String TOKEN = "correct-horse-battery";
    private static final String LOGIN_FAILURE = "cannot log in with password=hunter2";

    private final AdminPlugin admin = new AdminPlugin();
    private final HttpServer server =
            HttpServer.with(routes -> routes.get("/hello", (_, response) -> response.send("hello")));
    private final Gate gate = new Gate();
    private final ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();
    private Application application = application().build();

    /** A plugin whose start and stop wait until a test lets them go on. */
    private static final class Gate implements Plugin {
        final AtomicInteger starts = new AtomicInteger();
        final CountDownLatch starting = new CountDownLatch(1);
        final CountDownLatch stopping = new CountDownLatch(1);
        volatile CountDownLatch mayStart = new CountDownLatch(0);
        volatile CountDownLatch mayStop = new CountDownLatch(0);
        volatile Supplier<Health> health = Health::up;
        volatile boolean isLocked;

        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("gate").build();
        }

        @Override
        public void start(PluginContext context) throws InterruptedException {
            starts.incrementAndGet();
            starting.countDown();
            mayStart.await();
            if (isLocked) {
                throw new IllegalStateException(LOGIN_FAILURE);
            }
            context.healthCheck(
                    "gate.hinge",
                    HealthCheckOptions.defaults().withCriticality(HealthCheckOptions.Criticality.DEGRADING),
                    () -> Health.degraded("squeaks").with("address", "10.1.2.3"));
        }

        @Override
        public void stop(Deadline deadline) throws InterruptedException {
            stopping.countDown();
            mayStop.await();
        }

        @Override
        public Health health() {
            return health.get();
        }
    }

    /** A plugin that needs the gate. */
    private static final class Visitor implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("visitor").requires("gate").build();
        }

        @Override
        public void start(PluginContext context) {}
    }

    private Application.Builder application() {
        return Application.builder()
                .set("lynx.application.name", "orders")
                .set("lynx.application.version", "1.4.0")
                .set("lynx.http.port", "0")
                .set("lynx.http.host", "127.0.0.1")
                .set("lynx.metrics.prometheus.port", "0")
                .set("lynx.metrics.prometheus.host", "127.0.0.1")
                .plugin(admin)
                .plugin(new ServicePages())
                .plugin(server)
                .plugin(gate)
                .discoverPlugins(false);
    }

    @AfterEach
    void end() {
        gate.mayStart.countDown();
        gate.mayStop.countDown();
        application.close();
        background.shutdownNow();
    }

    private RawHttp management() {
        return new RawHttp(admin.url());
    }

    private RawHttp service() {
        return new RawHttp(server.url());
    }

    /** A start waits for the first results of critical checks only. */
    private void startUntilItsChecksHaveResults() {
        application.start();
        Await.until("the gate's checks have results", () -> application.health().snapshot().checksOf("gate").stream()
                .noneMatch(CheckReport::isPending));
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void answersProbesWhilePluginsStartRunAndStop() throws Exception {
        gate.mayStart = new CountDownLatch(1);
        gate.mayStop = new CountDownLatch(1);
        Future<?> start = background.submit(application::start);
        await(gate.starting);

        assertThat(management().get("/health/started").status()).isEqualTo(503);
        assertThat(management().get("/health/live").status()).isEqualTo(200);
        assertThat(management().get("/health/ready").status()).isEqualTo(503);

        gate.mayStart.countDown();
        start.get(20, TimeUnit.SECONDS);
        for (RawHttp port : List.of(management(), service())) {
            for (String path : List.of("/health", "/health/started", "/health/live", "/health/ready")) {
                assertThat(port.get(path).status()).as(path).isEqualTo(200);
            }
        }

        String managementUrl = admin.url();
        Future<?> stop = background.submit(application::close);
        await(gate.stopping);
        RawHttp management = new RawHttp(managementUrl);
        assertThat(management.get("/health/ready").status()).isEqualTo(503);
        assertThat(management.get("/health/ready").body()).contains("\"state\": \"OUT_OF_SERVICE\"");
        assertThat(management.get("/health/started").status()).isEqualTo(200);
        assertThat(management.get("/health/live").status()).isEqualTo(200);
        assertThat(management.get("/debug/shutdown-report").body())
                .contains("\"state\": \"STOPPING\"", "\"name\": \"PLUGINS\"", "\"over\": false")
                .containsPattern("\"id\": \"gate\",\\s+\"state\": \"STOPPING\"")
                .containsPattern("OperationsTest\\$Gate\\.stop\\(OperationsTest\\.java:\\d+\\)")
                .doesNotContain("\"clean\": true");

        gate.mayStop.countDown();
        stop.get(20, TimeUnit.SECONDS);
        assertThatThrownBy(() -> management.get("/health")).isInstanceOf(java.io.IOException.class);
    }

    @Test
    void keepsTheAliasesAndTheirAnswers() throws Exception {
        application.start();

        // Without the details, which change from one answer to the next.
        assertThat(management().get("/livez", "Via: 1.1 proxy").body())
                .isEqualTo(management().get("/health/live", "Via: 1.1 proxy").body());
        assertThat(management().get("/readyz").status()).isEqualTo(200);
        assertThat(management().get("/startupz").status()).isEqualTo(200);
    }

    @Test
    void answersHeadWithoutABodyAndNeverForACache() throws Exception {
        application.start();

        // Without the details, which change from one answer to the next.
        RawHttp.Answer get = management().get("/health/ready", "Via: 1.1 proxy");
        RawHttp.Answer head = management().send("HEAD", "/health/ready", "Via: 1.1 proxy");

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.header("Content-Length")).isEqualTo(get.header("Content-Length"));
        assertThat(get.header("Cache-Control")).isEqualTo("no-store");
        assertThat(get.header("Content-Type")).isEqualTo("application/json");
    }

    @ParameterizedTest
    @CsvSource({
        "POST,   /health,         405",
        "DELETE, /health/ready,   405",
        "PUT,    /livez,          405",
        "GET,    /health/,        404",
        "GET,    /health/ready/,  404",
        "GET,    /Health,         404",
        "GET,    /health/nothing, 404",
        "GET,    /health/plugins/nobody, 404"
    })
    void answersExactPathsAndReadingMethodsAlone(String method, String path, int status) throws Exception {
        application.start();

        assertThat(management().send(method, path).status()).isEqualTo(status);
        assertThat(service().send(method, path).status()).isEqualTo(status);
    }

    @Test
    void answersInTheDraftFormatOnRequest() throws Exception {
        startUntilItsChecksHaveResults();

        RawHttp.Answer answer = service().get("/health", "Accept: application/health+json");

        assertThat(answer.header("Content-Type")).isEqualTo("application/health+json");
        assertThat(answer.body()).startsWith("{\n  \"status\": \"warn\"");
    }

    @Test
    void showsDetailsToLocalCallersOnBothPorts() throws Exception {
        startUntilItsChecksHaveResults();

        for (RawHttp port : List.of(management(), service())) {
            assertThat(port.get("/health").body()).contains("squeaks", "10.1.2.3");
            RawHttp.Answer stranger = port.get("/health", "X-Forwarded-For: 203.0.113.9");
            assertThat(stranger.status()).isEqualTo(200);
            assertThat(stranger.body()).contains("gate.hinge").doesNotContain("squeaks", "10.1.2.3", "plugin");
        }
        assertThat(service().get("/health/plugins/gate", "Host: shop.example").body())
                .contains("\"status\": \"UP\"")
                .doesNotContain("squeaks");
    }

    @Test
    void isNotReadyWhileACriticalCheckFails() throws Exception {
        gate.health = () -> Health.down("jammed");
        application = application()
                .set("lynx.health_check.interval", "100ms")
                .set("lynx.health_check.failure_threshold", "1")
                .set("lynx.health_check.checks.gate.criticality", "critical")
                .build();
        CountDownLatch healed = new CountDownLatch(1);
        application.start();
        var _ = application.health().addListener("test", event -> {
            if (event instanceof io.lynx.health.HealthEvent.CheckChanged changed
                    && changed.report().name().equals("gate")
                    && changed.report().status() == io.lynx.health.HealthStatus.UP) {
                healed.countDown();
            }
        });
        assertThat(service().get("/health/ready").status()).isEqualTo(503);
        assertThat(service().get("/health/live").status()).isEqualTo(200);

        gate.health = Health::up;

        await(healed);
        assertThat(service().get("/health/ready").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/debug",
                "/debug/",
                "/debug/breakers",
                "/debug/config",
                "/debug/error-stats",
                "/debug/events",
                "/debug/events/dead-letters",
                "/debug/events/dead-letters?limit=1000",
                "/debug/health-report",
                "/debug/info",
                "/debug/plugins",
                "/debug/requests",
                "/debug/shutdown-report",
                "/debug/threads",
                "/debug/threads?format=json"
            })
    void showsDebugPagesToLoopback(String path) throws Exception {
        application.start();

        for (RawHttp port : List.of(management(), service())) {
            RawHttp.Answer answer = port.get(path);
            assertThat(answer.status()).as(path).isEqualTo(200);
            assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
            assertThat(answer.body()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET,     /debug/,                     Host: evil.example",
        "GET,     /debug/config,               Host: evil.example",
        "GET,     /debug/config,               X-Forwarded-For: 127.0.0.1",
        "GET,     /debug/config,               Forwarded: for=127.0.0.1",
        "GET,     /debug/config,               Via: 1.1 proxy",
        "GET,     /debug/nothing,              Host: evil.example",
        "DELETE,  /debug/config,               Host: evil.example",
        "OPTIONS, /debug/config,               Host: evil.example",
        "TRACE,   /debug/config,               Host: evil.example",
        "PROPFIND, /debug/config,              Host: evil.example",
        "BREW,    /debug/nothing,              Host: evil.example",
        "PUT,     /debug/breakers/x/reset,     Host: evil.example",
        "GET,     /debug,                      Host: evil.example",
        "POST,    /debug/shutdown,             Host: evil.example",
        "POST,    /debug/plugins/gate/restart, Host: evil.example"
    })
    void hidesDebugPagesFromStrangers(String method, String path, String header) throws Exception {
        application = application().set("lynx.admin.allow_changes", "true").build();
        application.start();

        for (RawHttp port : List.of(management(), service())) {
            RawHttp.Answer hidden = port.send(method, path, header);
            RawHttp.Answer nothing = port.send("GET", "/nothing", header);
            assertThat(hidden.status()).isEqualTo(404);
            assertThat(withoutId(hidden.body())).isEqualTo(withoutId(nothing.body()));
        }
        assertThat(gate.starts).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource({
        "PUT,      /debug/config,           'GET, HEAD'",
        "PROPFIND, /debug/,                 'GET, HEAD'",
        "DELETE,   /debug,                  'GET, HEAD'",
        "GET,      /debug/shutdown,         POST",
        "GET,      /debug/breakers/x/reset, POST"
    })
    void tellsTrustedCallersWhichMethodsAreAllowed(String method, String path, String allow) throws Exception {
        application.start();

        RawHttp.Answer answer = management().send(method, path);

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).isEqualTo(allow);
    }

    @Test
    void acceptsProbesWhileIdleConnectionsFillTheManagementPort() throws Exception {
        application.start();
        List<Socket> idle = new ArrayList<>();
        try {
            URI management = URI.create(admin.url());
            for (int i = 0; i < Operations.MAX_CONNECTIONS + 50; i++) {
                idle.add(new Socket(management.getHost(), management.getPort()));
            }

            for (int i = 0; i < 50; i++) {
                assertThat(management().get("/livez").status()).isEqualTo(200);
            }

            idle.getFirst().setSoTimeout(60_000);
            assertThat(idle.getFirst().getInputStream().read())
                    .as("the oldest is closed")
                    .isEqualTo(-1);
            RawHttp.Answer latest = RawHttp.on(idle.getLast(), "/livez");
            assertThat(latest.status()).as("the most recent is open").isEqualTo(200);
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    @Test
    void masksSecretsInTheMetadata() throws Exception {
        application = application()
                .set("lynx.application.metadata.api_key", "hunter2")
                .set("lynx.application.metadata.database", "jdbc:postgresql://db/shop?user=u&password=hunter2")
                .build();
        application.start();

        assertThat(management().get("/debug/info").body())
                .contains("\"api_key\": \"***\"")
                .doesNotContain("hunter2");
        assertThat(management().get("/debug/config").body()).doesNotContain("hunter2");
        assertThat(management().get("/debug/config?format=text").body()).doesNotContain("hunter2");
    }

    @Test
    void aPluginIsUpWhileHealthChecksAreDisabled() throws Exception {
        application = application().set("lynx.health_check.enabled", "false").build();
        application.start();

        assertThat(management().get("/health").status()).isEqualTo(200);
        assertThat(management().get("/health/ready").status()).isEqualTo(200);
        assertThat(management().get("/health/plugins/gate").status()).isEqualTo(200);
    }

    /** On every page that shows failures to those who may see details. */
    @Test
    void masksWhatChecksAndRestartsThrow() throws Exception {
        gate.health = () -> {
            throw new IllegalStateException(LOGIN_FAILURE);
        };
        application = application().set("lynx.admin.allow_changes", "true").build();
        startUntilItsChecksHaveResults();

        assertThat(management().get("/health").body())
                .contains("IllegalStateException: cannot log in with password=***")
                .doesNotContain("hunter2");
        assertThatFailuresAreMasked();

        gate.isLocked = true;
        RawHttp.Answer restart = management().send("POST", "/debug/plugins/gate/restart");
        Await.until("the plugin is required for readiness", () -> application
                .health()
                .snapshot()
                .check("lynx.required.gate")
                .isPresent());

        assertThat(restart.status()).isGreaterThanOrEqualTo(400);
        assertThat(restart.body()).doesNotContain("hunter2");
        assertThat(management().get("/health").body())
                .contains("a restart failed: java.lang.IllegalStateException: cannot log in with password=***")
                .doesNotContain("hunter2");
        assertThatFailuresAreMasked();
    }

    private void assertThatFailuresAreMasked() throws Exception {
        for (String path : List.of(
                "/health/ready",
                "/health/plugins/gate",
                "/debug/health-report",
                "/debug/plugins",
                "/debug/error-stats")) {
            assertThat(management().get(path).body()).as(path).doesNotContain("hunter2");
        }
        assertThat(management().get("/debug/health-report").body()).contains("password=***");
        assertThat(service().get("/health", "Accept: application/health+json").body())
                .contains("password=***")
                .doesNotContain("hunter2");
    }

    private static String withoutId(String problem) {
        return problem.replaceAll("\"request_id\":\"[^\"]*\"", "");
    }

    @ParameterizedTest
    @CsvSource({"localhost, 200", "127.0.0.1, 200", "evil.example, 404"})
    void treatsTheAuthorityOfHttp2AsTheHost(String authority, int status) throws Exception {
        application.start();
        String port = admin.url().substring(admin.url().lastIndexOf(':'));

        // The JDK's client names the host that it connects to, so a foreign name goes through a connection of our own.
        assertThat(Http2.statusOf("127.0.0.1" + port, authority + port, "/debug/info"))
                .isEqualTo(status);
    }

    @Test
    void acceptsTheToken() throws Exception {
        application = application().set("lynx.admin.token", TOKEN).build();
        startUntilItsChecksHaveResults();
        String forwarded = "X-Forwarded-For: 203.0.113.9";

        assertThat(service()
                        .get("/debug/info", forwarded, "Authorization: Bearer " + TOKEN)
                        .status())
                .isEqualTo(200);
        assertThat(service()
                        .get("/debug/info", forwarded, "Authorization: Bearer wrong")
                        .status())
                .isEqualTo(404);
        assertThat(service()
                        .get("/health", forwarded, "Authorization: Bearer " + TOKEN)
                        .body())
                .contains("squeaks");
        assertThat(service().get("/debug/config").body())
                .contains("lynx.admin.token")
                .doesNotContain(TOKEN);
    }

    @Test
    void listsPluginsWithStatesAndTimings() throws Exception {
        application.start();

        assertThat(management().get("/debug/plugins").body())
                .contains("\"state\": \"READY\"", "\"id\": \"gate\"", "\"state\": \"RUNNING\"", "\"start_ms\": ");
    }

    @Test
    void dumpsVirtualThreadsToo() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Thread virtual = Thread.ofVirtual().name("sleeping-beauty").start(() -> {
            try {
                release.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        application.start();

        RawHttp.Answer text = management().get("/debug/threads");
        RawHttp.Answer json = management().get("/debug/threads?format=json");
        release.countDown();
        virtual.join();

        assertThat(text.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(text.body()).contains("sleeping-beauty", "lynx-io-1");
        assertThat(json.header("Content-Type")).isEqualTo("application/json");
        assertThat(json.body()).contains("\"threadDump\"", "sleeping-beauty");
        assertThat(management().get("/debug/threads?format=xml").status()).isEqualTo(400);
    }

    @Test
    void printsTheConfigurationAsATableOnRequest() throws Exception {
        application.start();

        assertThat(management().get("/debug/config?format=text").body())
                .startsWith("KEY")
                .contains("lynx.http.port");
    }

    @Test
    void refusesChangesByDefault() throws Exception {
        application.start();

        RawHttp.Answer answer = management().send("POST", "/debug/plugins/gate/restart");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).contains("lynx.admin.allow_changes: false; set it to true to allow changes");
        assertThat(gate.starts).hasValue(1);
    }

    @Test
    void restartsAPlugin() throws Exception {
        application = application().set("lynx.admin.allow_changes", "true").build();
        application.start();

        RawHttp.Answer answer = management().send("POST", "/debug/plugins/gate/restart");

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"id\": \"gate\"", "\"state\": \"RUNNING\"", "\"restarts\": 1");
        assertThat(gate.starts).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"stop", "start"})
    void restartGoesOnWhenItsClientLeavesDuringThe(String held) throws Exception {
        application = application()
                .set("lynx.admin.allow_changes", "true")
                .plugin(new Visitor())
                .build();
        application.start();
        CountDownLatch mayGoOn = new CountDownLatch(1);
        if (held.equals("stop")) {
            gate.mayStop = mayGoOn;
        } else {
            gate.mayStart = mayGoOn;
        }

        try (Socket leaving = management().begin("POST", "/debug/plugins/gate/restart")) {
            Await.until(
                    "the " + held + " is held",
                    () -> held.equals("stop") ? gate.stopping.getCount() == 0 : gate.starts.get() == 2);
            assertThat(leaving.isConnected()).isTrue();
        }
        // This port has one event loop: when it answers here, it has already processed the end of the other connection.
        assertThat(management().get("/livez").status()).isEqualTo(200);
        mayGoOn.countDown();

        Await.until("the gate and the visitor run again", () -> application.plugins().stream()
                .filter(plugin -> plugin.id().equals("gate") || plugin.id().equals("visitor"))
                .allMatch(plugin -> plugin.state() == PluginState.RUNNING && plugin.restarts() == 1));
        assertThat(gate.starts).hasValue(2);
    }

    @ParameterizedTest
    @CsvSource({
        "GET,  /debug/plugins/gate/restart,   , 405",
        "POST, /debug/plugins/nobody/restart, , 404",
        "POST, /debug/plugins/admin/restart,  , 409",
        "POST, /debug/plugins//restart,       , 404",
        "POST, /debug/plugins,                , 405",
        "POST, /debug/plugins/gate/restart,   Origin: http://evil.example, 403",
        "POST, /debug/shutdown,               Sec-Fetch-Site: cross-site, 403"
    })
    void refusesChangesThatCannotBe(String method, String path, String header, int status) throws Exception {
        application = application().set("lynx.admin.allow_changes", "true").build();
        application.start();

        RawHttp.Answer answer =
                header == null ? management().send(method, path) : management().send(method, path, header);

        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(gate.starts).hasValue(1);
    }

    @Test
    void refusesARestartThatCouldCutOffItsOwnAnswer() throws Exception {
        application = application().set("lynx.admin.allow_changes", "true").build();
        application.start();

        assertThat(service().send("POST", "/debug/plugins/gate/restart").status())
                .isEqualTo(409);
    }

    @Test
    void stopsTheApplicationOnRequest() throws Exception {
        application = application().set("lynx.admin.allow_changes", "true").build();
        application.start();

        RawHttp.Answer answer = service().send("POST", "/debug/shutdown");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(application.awaitStop().trigger().toString()).isEqualTo("POST /debug/shutdown from 127.0.0.1");
    }

    @Test
    void opensNothingWhenDisabled() throws Exception {
        application = application().set("lynx.admin.enabled", "false").build();
        application.start();

        assertThatThrownBy(admin::url)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("management port: not open");
        assertThat(service().get("/health").status()).isEqualTo(404);
    }

    @Test
    void servesTheServicePortAloneWhenThereIsNoManagementPort() throws Exception {
        application =
                application().set("lynx.metrics.prometheus.enabled", "false").build();
        application.start();

        assertThat(service().get("/health").status()).isEqualTo(200);
    }

    @Test
    void namesTheKeyOfAPortThatIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            application = application()
                    .set("lynx.metrics.prometheus.port", Integer.toString(taken.getLocalPort()))
                    .build();

            assertThatThrownBy(application::start)
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining(
                            "lynx.metrics.prometheus.port: cannot listen on 127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void refusesATokenThatIsTooShortBeforeAnythingOpens() {
        application = application().set("lynx.admin.token", "hunter2").build();

        assertThatThrownBy(application::start)
                .isInstanceOf(io.lynx.config.ConfigurationException.class)
                .hasMessageContaining("the token has 7 characters; 16 or more are required")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void answersManyReadersAtATime() throws Exception {
        application.start();
        RawHttp port = service();
        List<Callable<Integer>> readers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String path = i % 10 == 0 ? "/debug/plugins" : i % 2 == 0 ? "/health" : "/health/ready";
            readers.add(() -> {
                int good = 0;
                for (int request = 0; request < 5; request++) {
                    good += port.get(path).status() == 200 ? 1 : 0;
                }
                return good;
            });
        }

        int good = 0;
        for (Future<Integer> reader : background.invokeAll(readers)) {
            good += reader.get();
        }

        assertThat(good).isEqualTo(50 * 5);
    }
}
