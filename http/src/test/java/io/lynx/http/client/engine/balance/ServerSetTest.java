package io.lynx.http.client.engine.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.http.client.ServiceAddress;
import io.lynx.http.client.engine.pool.CallFailures;
import io.lynx.http.client.engine.pool.CallTime;
import io.lynx.http.client.engine.pool.Wires;
import io.lynx.testkit.Await;
import io.lynx.testkit.ManualTime;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The servers that discovery and DNS give. */
class ServerSetTest {
    private static final CallFailures FAILURES = new CallFailures(Wires.LIMITS, "GET /");

    private final ManualTime time = new ManualTime();
    private final Map<String, String> names = new ConcurrentHashMap<>();
    private final AtomicReference<List<ServiceAddress>> found = new AtomicReference<>(List.of());
    private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();
    private final ServerSet servers = new ServerSet(
            Wires.LIMITS,
            found::get,
            Duration.ofSeconds(30),
            address -> new Wires().pool(Wires.LIMITS, address, time),
            this::addresses,
            new ClientRuntime(time, time, time, this::thread, null));

    private Thread thread(Runnable work) {
        Thread thread = Thread.ofVirtual().unstarted(work);
        threads.add(thread);
        return thread;
    }

    private InetAddress[] addresses(String host) throws UnknownHostException {
        String address = names.get(host);
        if (address == null) {
            throw new UnknownHostException(host);
        }
        return new InetAddress[] {InetAddress.getByName(address)};
    }

    private CallTime minute() {
        return CallTime.of(Duration.ofMinutes(1), null, time, time);
    }

    private List<String> present() throws InterruptedException {
        return servers.servers(minute(), FAILURES).stream()
                .map(server -> server.pool().text())
                .sorted()
                .toList();
    }

    private void awaitPresent(String... addresses) {
        time.advance(Duration.ofSeconds(31));
        Await.asserted("the addresses are found", () -> assertThat(present()).containsExactly(addresses));
    }

    @Test
    void whatIsKnownOfANameThatCannotBeResolvedStays() throws Exception {
        names.put("a", "10.0.0.1");
        names.put("b", "10.0.0.2");
        found.set(List.of(new ServiceAddress("a", 80, ""), new ServiceAddress("b", 80, "")));
        assertThat(present()).containsExactly("10.0.0.1:80", "10.0.0.2:80");

        names.put("a", "10.0.0.3");
        names.remove("b");
        awaitPresent("10.0.0.2:80", "10.0.0.3:80");
        found.set(List.of(new ServiceAddress("a", 80, "")));
        awaitPresent("10.0.0.3:80");
        names.clear();
        awaitPresent("10.0.0.3:80");
    }

    @Test
    void anAddressThatIsFoundAfterTheCloseTakesNoCalls() throws Exception {
        names.put("a", "10.0.0.1");
        found.set(List.of(new ServiceAddress("a", 80, "")));
        assertThat(present()).containsExactly("10.0.0.1:80");

        servers.close();
        names.put("a", "10.0.0.2");
        awaitPresent("10.0.0.2:80");
        for (Thread thread : threads) {
            thread.join();
        }

        assertThatThrownBy(() -> servers.present().getFirst().pool().acquire(minute(), false, FAILURES))
                .hasMessageContaining("the client is closed");
    }

    @Test
    void ofTooManyTheLowestPrioritiesAreUsed() throws Exception {
        for (int i = 0; i < 100; i++) {
            names.put("host-" + i, "10.0.0." + i);
        }
        found.set(names.keySet().stream()
                .map(name -> new ServiceAddress(name, 80, "", name.endsWith("5") ? 0 : 1, 1))
                .toList());

        assertThat(present()).hasSize(64);
        assertThat(servers.present())
                .filteredOn(server -> server.address().priority() == 0)
                .hasSize(10);
    }

    @Test
    void weightsCountAmongThoseWithTheSamePriority() throws Exception {
        names.put("a", "10.0.0.1");
        names.put("b", "10.0.0.2");
        names.put("c", "10.0.0.3");
        found.set(List.of(
                new ServiceAddress("a", 80, "", 1, 30),
                new ServiceAddress("b", 80, "", 1, 10),
                new ServiceAddress("c", 80, "", 2, 5)));
        List<String> _ = present();

        assertThat(servers.present()).allSatisfy(server -> assertThat(server.share())
                .isEqualTo(
                        switch (server.address().weight()) {
                            case 30 -> 1.5;
                            case 10 -> 0.5;
                            default -> 1;
                        }));
    }
}
