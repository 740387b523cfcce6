package io.lynx.http.client.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.ManualTime;
import io.lynx.transport.Connector;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which server gets a call. */
class BalancerTest {
    private static final ClientLimits LIMITS = new ClientLimits(
            "inventory",
            "lynx.clients.inventory",
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            4,
            false,
            Duration.ofSeconds(1),
            10,
            Duration.ofSeconds(30),
            1000);

    private final ManualTime time = new ManualTime();
    private final Balancer balancer = new Balancer("", time);

    private Server server(int number, String zone, boolean startsSlowly) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), number);
        ConnectionOpener opener = new ConnectionOpener(address, "inventory", new NoConnector(), LIMITS);
        return new Server(new AddressPool(opener, time, time), zone, startsSlowly, time);
    }

    private List<Server> servers(int count) {
        List<Server> servers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            servers.add(server(i + 1, "", false));
        }
        return servers;
    }

    private Map<Server, Integer> choices(List<Server> servers, int calls) {
        Map<Server, Integer> chosen = new HashMap<>();
        for (int i = 0; i < calls; i++) {
            chosen.merge(balancer.choose(servers, List.of()), 1, Integer::sum);
        }
        return chosen;
    }

    private void fail(Server server, ServerVerdict verdict, int times) {
        for (int i = 0; i < times; i++) {
            server.ended(server.begin(), verdict);
        }
    }

    @Test
    void spreadsCalls() {
        List<Server> servers = servers(3);

        assertThat(choices(servers, 3000).values()).hasSize(3).allMatch(count -> count > 700);
    }

    @Test
    void prefersServersWithFewCalls() {
        List<Server> servers = servers(2);
        long _ = servers.getFirst().begin();

        assertThat(choices(servers, 100)).containsOnlyKeys(servers.getLast());
    }

    @Test
    void prefersFastServers() {
        List<Server> servers = servers(2);
        for (Server server : servers) {
            long begun = server.begin();
            time.advance(Duration.ofMillis(server.equals(servers.getFirst()) ? 100 : 1));
            server.ended(begun, ServerVerdict.HEALTHY);
        }

        assertThat(choices(servers, 100)).containsOnlyKeys(servers.getLast());
        // In time it is tried again.
        time.advance(Duration.ofMinutes(5));
        assertThat(choices(servers, 100)).hasSize(2);
    }

    @Test
    void ejectsServersThatFail() {
        List<Server> servers = servers(3);
        Server bad = servers.getFirst();

        fail(bad, ServerVerdict.FAILED, 4);
        assertThat(choices(servers, 300)).containsKey(bad);
        fail(bad, ServerVerdict.FAILED, 1);
        assertThat(choices(servers, 300)).doesNotContainKey(bad);
        time.advance(Duration.ofSeconds(5));
        assertThat(choices(servers, 300)).containsKey(bad);
        fail(bad, ServerVerdict.UNREACHABLE, 1);
        time.advance(Duration.ofSeconds(5));
        assertThat(choices(servers, 300)).doesNotContainKey(bad);
        time.advance(Duration.ofSeconds(5));
        assertThat(choices(servers, 300)).containsKey(bad);
    }

    @Test
    void usesEjectedServersIfMostAreEjected() {
        List<Server> servers = servers(3);
        servers.subList(0, 2).forEach(server -> fail(server, ServerVerdict.UNREACHABLE, 1));

        assertThat(choices(servers, 300)).hasSize(3);
    }

    @Test
    void triesEachServerOnce() {
        List<Server> servers = servers(2);
        fail(servers.getFirst(), ServerVerdict.UNREACHABLE, 1);

        assertThat(balancer.choose(servers, List.of(servers.getLast()))).isSameAs(servers.getFirst());
        assertThat(balancer.choose(servers, servers)).isNull();
        assertThat(balancer.choose(servers.subList(0, 1), List.of(servers.getFirst())))
                .isNull();
    }

    @Test
    void aNewServerGetsItsShareSlowly() {
        List<Server> servers = servers(1);
        time.advance(Duration.ofMinutes(1));
        fail(servers.getFirst(), ServerVerdict.HEALTHY, 1);
        Server added = server(9, "", true);
        servers.add(added);
        for (int i = 0; i < 3; i++) {
            long _ = servers.getFirst().begin();
        }

        assertThat(choices(servers, 100)).doesNotContainKey(added);
        time.advance(Duration.ofSeconds(20));
        assertThat(choices(servers, 100)).containsOnlyKeys(added);
    }

    @Test
    void prefersItsZone() {
        List<Server> servers = List.of(server(1, "a", false), server(2, "b", false), server(3, "b", false));
        Balancer inA = new Balancer("a", time);

        for (int i = 0; i < 100; i++) {
            assertThat(inA.choose(servers, List.of())).isSameAs(servers.getFirst());
        }
        fail(servers.getFirst(), ServerVerdict.UNREACHABLE, 1);
        assertThat(inA.choose(servers, List.of())).isNotSameAs(servers.getFirst());
    }

    private static final class NoConnector implements Connector {
        @Override
        public Connecting connect(InetSocketAddress address, String serverName, ConnectionListener listener) {
            throw new IllegalStateException();
        }

        @Override
        public void close() {}

        @Override
        public boolean isEventLoop() {
            return false;
        }
    }
}
