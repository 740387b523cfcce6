package io.lynx.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lynx.http.client.HttpCallException.Reason;
import io.lynx.resilience.CallRejectedException;
import io.lynx.testkit.Await;
import io.lynx.testkit.ManualTime;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Several instances of a service, and how they are found. */
class ServiceDiscoveryTest {
    private static TestService named(String name) {
        return TestService.with(routes -> routes.get("/", (_, response) -> response.send(name)));
    }

    private static ServiceAddress address(TestService service) {
        return new ServiceAddress("127.0.0.1", service.listener.port(), "");
    }

    private static HttpClient client(ServiceDiscovery discovery) {
        return client(discovery, "30s");
    }

    private static HttpClient client(ServiceDiscovery discovery, String connectTimeout) {
        return new HttpClientBuilder("inventory", Configs.with("dns_refresh", "1s", "connect_timeout", connectTimeout))
                .url("http://inventory.internal")
                .discovery(discovery)
                .policies(policies -> policies.withRetryAttempts(1).withCircuitBreaker(false))
                .build();
    }

    @Test
    void callsGoToAllInstancesAndNotToDeadOnes() throws Exception {
        try (TestService one = named("one");
                TestService two = named("two")) {
            List<ServiceAddress> all = List.of(
                    address(one), address(two), new ServiceAddress("127.0.0.1", ScriptedServer.closedPort(), ""));
            try (HttpClient client = client(ServiceDiscovery.of(all))) {
                Set<String> seen = new HashSet<>();
                for (int i = 0; i < 200; i++) {
                    seen.add(client.get("/").send().text());
                }

                assertThat(seen).containsExactlyInAnyOrder("one", "two");
                assertThat(client.counts().servers()).isEqualTo(3);
                assertThat(client.counts().ejected()).isEqualTo(1);
            }
        }
    }

    @Test
    void oneInstanceThatHangsDoesNotOpenTheBreaker() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        try (TestService one = TestService.with(routes -> routes.get("/", (_, response) -> {
                    assertThat(released.await(20, TimeUnit.SECONDS)).isTrue();
                    response.send("one");
                }));
                ScriptedServer hanging = new ScriptedServer(ScriptedServer.Peer::hang);
                HttpClient client = HttpClient.builder("inventory")
                        .url("http://inventory.internal")
                        .addresses("127.0.0.1:" + one.listener.port(), "127.0.0.1:" + hanging.port())
                        .connectTimeout(Duration.ofSeconds(20))
                        .readTimeout(Duration.ofSeconds(2))
                        .policies(policies -> policies.withRetryAttempts(1))
                        .build();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> calls = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                calls.add(threads.submit(() -> client.get("/").send()));
            }
            // The instance that answers would get the calls that begin after its first answer.
            Await.until("calls wait for the other one", () -> hanging.connections.get() > 10);
            released.countDown();
            int failed = 0;
            for (Future<?> call : calls) {
                try {
                    Object _ = call.get(20, TimeUnit.SECONDS);
                } catch (ExecutionException silent) {
                    assertThat(silent).hasCauseInstanceOf(HttpCallException.class);
                    failed++;
                }
            }

            assertThat(failed).isGreaterThan(5);
            assertThat(client.counts().ejected()).isEqualTo(1);
            assertThat(client.get("/").send().text()).isEqualTo("one");
        }
    }

    @Test
    void theBreakerOpensWhenEveryInstanceFails() throws Exception {
        try (HttpClient client = HttpClient.builder("inventory")
                .url("http://inventory.internal")
                .addresses("127.0.0.1:" + ScriptedServer.closedPort(), "127.0.0.2:" + ScriptedServer.closedPort())
                .policies(policies -> policies.withRetryAttempts(1))
                .build()) {
            for (int i = 0; i < 5; i++) {
                HttpCallException _ = catchThrowableOfType(
                        HttpCallException.class, () -> client.get("/").send());
            }
            assertThatThrownBy(() -> client.get("/").send()).isInstanceOf(CallRejectedException.class);
        }
    }

    @Test
    void listedAddressesReplaceThoseOfTheHost() {
        try (TestService one = named("one");
                HttpClient client = HttpClient.builder("inventory")
                        .url("http://inventory.internal")
                        .addresses("127.0.0.1:" + one.listener.port())
                        .build()) {
            assertThat(client.get("/").send().text()).isEqualTo("one");
        }
    }

    @Test
    void aCallThatWaitsInLineTurnsToTheInstanceThatReplacesItsOwn() throws Exception {
        ManualTime time = new ManualTime();
        try (ScriptedServer hanging = new ScriptedServer(ScriptedServer.Peer::hang);
                TestService other = named("other")) {
            AtomicReference<List<ServiceAddress>> found =
                    new AtomicReference<>(List.of(new ServiceAddress("127.0.0.1", hanging.port(), "")));
            HttpClientBuilder builder = new HttpClientBuilder(
                            "inventory", Configs.with("dns_refresh", "1s", "max_connections", "1", "max_wait", "20s"))
                    .url("http://inventory.internal")
                    .discovery(found::get)
                    .policies(policies -> policies.withRetryAttempts(1).withCircuitBreaker(false));
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                    HttpClient client = ManualClients.build(builder, time)) {
                Future<String> first =
                        threads.submit(() -> client.get("/").send().text());
                Await.until(
                        "the first call has the connection",
                        () -> client.counts().active() == 1);
                Future<String> second =
                        threads.submit(() -> client.get("/").send().text());
                Await.until(
                        "the second call waits in line", () -> client.counts().waiting() == 1);

                found.set(List.of(address(other)));
                time.advance(Duration.ofMillis(1500));
                Future<String> third =
                        threads.submit(() -> client.get("/").send().text());

                assertThat(second.get(20, TimeUnit.SECONDS)).isEqualTo("other");
                assertThat(third.get(20, TimeUnit.SECONDS)).isEqualTo("other");
                hanging.close();
                assertThatThrownBy(() -> first.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(HttpCallException.class);
            }
        }
    }

    @Test
    void changesAreNoticed() {
        try (TestService one = named("one");
                TestService two = named("two")) {
            AtomicReference<List<ServiceAddress>> found = new AtomicReference<>(List.of(address(one)));
            try (HttpClient client = client(found::get)) {
                assertThat(client.get("/").send().text()).isEqualTo("one");
                found.set(List.of(address(two)));

                Await.until(
                        "calls go to the other instance",
                        () -> client.get("/").send().text().equals("two"));
                assertThat(client.counts().servers()).isEqualTo(1);
            }
        }
    }

    @Test
    void aFailureLeavesWhatIsKnown() throws Exception {
        try (TestService one = named("one")) {
            CountDownLatch failed = new CountDownLatch(1);
            AtomicReference<List<ServiceAddress>> found = new AtomicReference<>(List.of(address(one)));
            ServiceDiscovery discovery = () -> {
                List<ServiceAddress> now = found.get();
                if (now.isEmpty()) {
                    failed.countDown();
                    throw new IOException("the registry is down");
                }
                return now;
            };
            try (HttpClient client = client(discovery)) {
                assertThat(client.get("/").send().text()).isEqualTo("one");
                found.set(List.of());

                Await.until("discovery has failed", () -> {
                    assertThat(client.get("/").send().text()).isEqualTo("one");
                    return failed.getCount() == 0;
                });
                assertThat(client.get("/").send().text()).isEqualTo("one");
            }
        }
    }

    @Test
    void nothingIsFound() {
        List<ServiceDiscovery> useless = List.of(
                List::of,
                () -> {
                    throw new IOException("the registry is down");
                },
                () -> {
                    throw new IllegalStateException("bug");
                },
                () -> List.of(new ServiceAddress("no-such-host.invalid", 80, "")));
        for (ServiceDiscovery discovery : useless) {
            try (HttpClient client = client(discovery)) {
                HttpCallException failure = catchThrowableOfType(
                        HttpCallException.class,
                        () -> client.get("/").timeout(Duration.ofMinutes(1)).send());

                assertThat(failure.reason()).isEqualTo(Reason.UNKNOWN_HOST);
                assertThat(failure).hasMessageContaining("no address was found");
            }
        }
    }

    @Test
    void aDiscoveryThatHangsDoesNotHoldUpCalls() {
        CountDownLatch hold = new CountDownLatch(1);
        try (HttpClient client = client(
                () -> {
                    try {
                        hold.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    return List.of();
                },
                "500ms")) {
            HttpCallException failure = catchThrowableOfType(
                    HttpCallException.class,
                    () -> client.get("/").timeout(Duration.ofSeconds(20)).send());

            assertThat(failure.reason()).isEqualTo(Reason.UNKNOWN_HOST);
            assertThat(failure).hasMessageContaining("within 500ms");
        } finally {
            hold.countDown();
        }
    }

    @Test
    void aCallWithoutTimeDoesNotBlameADiscoveryThatGoesOn() {
        CountDownLatch hold = new CountDownLatch(1);
        try (HttpClient client = client(() -> {
            try {
                hold.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return List.of();
        })) {
            HttpCallException late = catchThrowableOfType(HttpCallException.class, () -> client.get("/")
                    .deadline(Deadline.after(Duration.ofMillis(20), Ticker.system()))
                    .send());
            HttpCallException brief = catchThrowableOfType(
                    HttpCallException.class,
                    () -> client.get("/").timeout(Duration.ofMillis(20)).send());

            assertThat(late.reason()).isEqualTo(Reason.DEADLINE_EXCEEDED);
            assertThat(brief.reason()).isEqualTo(Reason.TIMED_OUT);
            assertThat(brief).hasMessageContaining("the call was not complete within 20ms (timeout)");
        } finally {
            hold.countDown();
        }
    }

    @Test
    void manyAddressesAreBounded() {
        try (TestService one = named("one")) {
            List<ServiceAddress> all = new ArrayList<>(List.of(address(one)));
            for (int i = 2; i < 100; i++) {
                all.add(new ServiceAddress("127.0.0." + i, one.listener.port(), ""));
            }
            try (HttpClient client = client(ServiceDiscovery.of(all))) {
                HttpCallException _ = catchThrowableOfType(
                        HttpCallException.class, () -> client.get("/").send());

                assertThat(client.counts().servers()).isEqualTo(64);
            }
        }
    }
}
