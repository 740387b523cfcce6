package io.lynx.systemtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lynx.systemtest.process.Command;
import io.lynx.systemtest.process.DebianPackages;
import io.lynx.systemtest.process.DebianProgram;
import io.lynx.systemtest.process.Folders;
import io.lynx.systemtest.process.FreePort;
import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.testkit.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Who is a local caller: a command of the same user, but no request that a proxy of this machine forwards, however little the proxy
 * reveals, no command of another user, and no process of the same user in another process namespace. The proxies run as another
 * user, as Debian's packages make them; only root can arrange that.
 */
final class LocalCallerTest {
    private static final String OTHER_USER = "www-data";
    private static final Duration TIME = Duration.ofSeconds(30);

    private final List<Process> proxies = new ArrayList<>();
    private Path folder = Path.of("");
    private @Nullable ServiceProcess service;
    private int port;
    private int management;

    @BeforeEach
    void start() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can run a proxy as another user");
        folder = Files.createTempDirectory("lynx-local-caller-");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        service = Services.http().arguments("--lynx.admin.allow_changes=true").start();
        management = Services.awaitManagement(service).getPort();
        port = Services.awaitHttp(service).getPort();
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Process proxy : proxies) {
            // So that nginx ends its workers, which would go on without it.
            proxy.destroy();
            if (!proxy.waitFor(10, TimeUnit.SECONDS)) {
                proxy.destroyForcibly();
            }
        }
        if (service != null) {
            service.close();
            Folders.delete(folder);
        }
    }

    @Test
    void aCommandOfTheSameUserIsLocal() throws Exception {
        for (int target : List.of(port, management)) {
            assertThat(status(List.of(), "GET", "/debug/config", target, target))
                    .isEqualTo(200);
            assertThat(body(List.of(), "/health", target, target)).contains("consecutiveFailures");
        }
    }

    @Test
    void aCommandOfAnotherUserIsNotLocal() throws Exception {
        List<String> as = List.of("setpriv", "--reuid=" + OTHER_USER, "--regid=" + OTHER_USER, "--clear-groups");

        assertHidden(as, port, port);
        assertHidden(as, management, management);
    }

    @Test
    void aProcessOfAnotherProcessNamespaceIsNotLocal() throws Exception {
        List<String> namespace = List.of("unshare", "--pid", "--fork", "--mount-proc");
        List<String> probe = new ArrayList<>(namespace);
        probe.add("true");
        assumeTrue(Command.run(folder, TIME, probe).isSuccess(), "process namespaces are not allowed here");

        assertHidden(namespace, port, port);
        assertHidden(namespace, management, management);
    }

    @Test
    void aRequestForwardedByNginxIsNotLocal() throws Exception {
        DebianProgram nginx = DebianPackages.system().program("nginx", "nginx");
        int http10 = FreePort.find();
        int http11 = FreePort.find();
        Path config = Files.writeString(
                folder.resolve("nginx.conf"), """
                    daemon off;
                    user %1$s;
                    pid %2$s/nginx.pid;
                    error_log stderr;
                    events {}
                    http {
                        access_log off;
                        client_body_temp_path %2$s/body;
                        proxy_temp_path %2$s/proxy;
                        fastcgi_temp_path %2$s/fastcgi;
                        uwsgi_temp_path %2$s/uwsgi;
                        scgi_temp_path %2$s/scgi;
                        server {
                            listen 127.0.0.1:%3$d;
                            location / { proxy_pass http://127.0.0.1:%5$d; }
                        }
                        server {
                            listen 127.0.0.1:%4$d;
                            location / { proxy_pass http://127.0.0.1:%5$d; proxy_http_version 1.1; }
                        }
                    }
                    """.formatted(OTHER_USER, folder, http10, http11, port));
        run(nginx.process("-e", "stderr", "-p", folder.toString(), "-c", config.toString()), http10);

        assertHidden(List.of(), http10, port);
        assertHidden(List.of(), http11, port);
    }

    @Test
    void aRequestForwardedByHaproxyIsNotLocal() throws Exception {
        DebianProgram haproxy = DebianPackages.system().program("haproxy", "haproxy");
        int http11 = FreePort.find();
        int h2c = FreePort.find();
        Path config = Files.writeString(folder.resolve("haproxy.cfg"), """
            defaults
                mode http
                timeout connect 5s
                timeout client 30s
                timeout server 30s
            frontend one
                bind 127.0.0.1:%1$d
                default_backend one
            backend one
                server service 127.0.0.1:%3$d
            frontend two
                bind 127.0.0.1:%2$d
                default_backend two
            backend two
                server service 127.0.0.1:%3$d proto h2
            """.formatted(http11, h2c, port));
        run(new ProcessBuilder(haproxy.as(OTHER_USER, "-db", "-f", config.toString())), http11);

        assertHidden(List.of(), http11, port);
        assertHidden(List.of(), h2c, port);
    }

    /** Asserts that pages are hidden and no change is made, whatever the request claims, and that health shows statuses only. */
    private void assertHidden(List<String> prefix, int connect, int named) throws Exception {
        assertThat(status(prefix, "GET", "/debug/config", connect, named)).isEqualTo(404);
        assertThat(status(prefix, "GET", "/debug/", connect, named)).isEqualTo(404);
        assertThat(status(prefix, "PROPFIND", "/debug/config", connect, named)).isEqualTo(404);
        assertThat(status(prefix, "POST", "/debug/shutdown", connect, named)).isEqualTo(404);
        assertThat(body(prefix, "/health", connect, named))
                .contains("\"status\"")
                .doesNotContain("consecutiveFailures", "criticality");
        assertThat(service).isNotNull();
        assertThat(service.isAlive()).isTrue();
    }

    private int status(List<String> prefix, String method, String path, int connect, int named) throws Exception {
        return Integer.parseInt(request(prefix, method, path, connect, named).split(" ")[1]);
    }

    private String body(List<String> prefix, String path, int connect, int named) throws Exception {
        return request(prefix, "GET", path, connect, named);
    }

    /** Sends a request that names localhost and a port, by a process that {@code prefix} starts. */
    private String request(List<String> prefix, String method, String path, int connect, int named) throws Exception {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                "bash",
                "-c",
                "exec 3<>/dev/tcp/127.0.0.1/%d; printf '%s %s HTTP/1.1\\r\\nHost: localhost:%d\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n' >&3; cat <&3"
                        .formatted(connect, method, path, named)));
        Command.Result result = Command.run(folder, TIME, command);
        assertThat(result.output()).startsWith("HTTP/1.1 ");
        return result.output();
    }

    private void run(ProcessBuilder proxy, int listening) throws Exception {
        Path log = folder.resolve("proxy.log");
        Process process =
                proxy.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        proxies.add(process);
        Await.asserted("the proxy listens", TIME, () -> assertThat(isOpen(listening))
                .as(Files.readString(log))
                .isTrue());
    }

    private static boolean isOpen(int port) {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }
}
