package io.lynx.http.client.engine.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.http.client.ServiceAddress;
import io.lynx.http.client.engine.pool.Wires;
import io.lynx.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which server gets a call. */
class BalancerTest {
    private final ManualTime time = new ManualTime();
    private final Balancer balancer = new Balancer("", time);

    private Server server(int number, String zone, boolean startsSlowly) {
        return server(new ServiceAddress("inventory", number, zone), startsSlowly);
    }

    private Server server(ServiceAddress address, boolean startsSlowly) {
        return new Server(new Wires().pool(address.port(), time), address, startsSlowly, time);
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
            chosen.merge(balancer.choose(servers, List.of(), new UsedServers()), 1, Integer::sum);
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
    void theOnlyServerIsChosenUnlessItWasTried() {
        Server only = server(1, "", false);
        Server gone = server(2, "", false);

        assertThat(balancer.choose(List.of(only), List.of(gone), new UsedServers()))
                .isEqualTo(only);
        assertThat(balancer.choose(List.of(only), List.of(gone, only), new UsedServers()))
                .isNull();
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

        assertThat(balancer.choose(servers, List.of(servers.getLast()), new UsedServers()))
                .isSameAs(servers.getFirst());
        assertThat(balancer.choose(servers, servers, new UsedServers())).isNull();
        assertThat(balancer.choose(servers.subList(0, 1), List.of(servers.getFirst()), new UsedServers()))
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
            assertThat(inA.choose(servers, List.of(), new UsedServers())).isSameAs(servers.getFirst());
        }
        fail(servers.getFirst(), ServerVerdict.UNREACHABLE, 1);
        assertThat(inA.choose(servers, List.of(), new UsedServers())).isNotSameAs(servers.getFirst());
    }

    private Server placed(int number, int priority, int weight, double meanWeight) {
        ServiceAddress address = new ServiceAddress("inventory", number, "", priority, weight);
        Server server = server(address, false);
        server.place(address, meanWeight);
        return server;
    }

    @Test
    void theLowestPriorityThatIsAvailableIsUsed() {
        Server first = placed(1, 10, 1, 1);
        Server second = placed(2, 10, 1, 1);
        Server backup = placed(3, 20, 1, 1);
        List<Server> servers = List.of(backup, first, second);

        assertThat(choices(servers, 100)).containsOnlyKeys(first, second);
        fail(first, ServerVerdict.UNREACHABLE, 1);
        assertThat(choices(servers, 100)).containsOnlyKeys(second);
        fail(second, ServerVerdict.UNREACHABLE, 1);
        // More than half are ejected; the backup gets the calls nevertheless.
        assertThat(choices(servers, 100)).containsOnlyKeys(backup);
        fail(backup, ServerVerdict.UNREACHABLE, 1);
        assertThat(choices(servers, 100)).containsOnlyKeys(first, second);
    }

    @Test
    void weightsDivideTheCalls() {
        Server heavy = placed(1, 0, 30, 40.0 / 3);
        Server light = placed(2, 0, 10, 40.0 / 3);
        Server least = placed(3, 0, 0, 40.0 / 3);
        Map<Server, Integer> idle = choices(List.of(heavy, light, least), 10_000);

        assertThat(idle.get(heavy)).isBetween(7_000, 8_000);
        assertThat(idle.get(light)).isBetween(2_000, 3_000);
        assertThat(idle.getOrDefault(least, 0)).isBetween(1, 200);
        // Calls in flight in the proportion of the weights do not change that.
        for (int i = 0; i < 30; i++) {
            long _ = heavy.begin();
        }
        for (int i = 0; i < 10; i++) {
            long _ = light.begin();
        }
        Map<Server, Integer> busy = choices(List.of(heavy, light), 10_000);
        assertThat(busy.get(heavy)).isBetween(7_000, 8_000);
    }

    @Test
    void weightsOfZeroAreEqual() {
        List<Server> servers = List.of(placed(1, 0, 0, 0), placed(2, 0, 0, 0));

        assertThat(choices(servers, 1000).values()).hasSize(2).allMatch(count -> count > 300);
    }

    @Test
    void anotherAttemptPrefersAnotherServer() {
        List<Server> servers = servers(3);
        UsedServers used = new UsedServers();
        used.add(servers.get(0));
        used.add(servers.get(1));

        assertThat(balancer.choose(servers, List.of(), used)).isSameAs(servers.get(2));
        // One that was used is better than one that is known to fail.
        fail(servers.get(2), ServerVerdict.UNREACHABLE, 1);
        assertThat(balancer.choose(servers, List.of(), used)).isNotSameAs(servers.get(2));
    }

    @Test
    void aServerThatDoesNotAnswerGetsNoFurtherCalls() {
        List<Server> servers = servers(2);
        for (Server server : servers) {
            long begun = server.begin();
            time.advance(Duration.ofMillis(1));
            server.ended(begun, ServerVerdict.HEALTHY);
        }
        long hanging = servers.getFirst().begin();
        time.advance(Duration.ofMillis(20));
        fail(servers.getLast(), ServerVerdict.HEALTHY, 1);
        long _ = servers.getLast().begin();

        assertThat(choices(servers, 100)).containsOnlyKeys(servers.getLast());
        // The caller had no time left; that it has waited is remembered.
        servers.getFirst().ended(hanging, ServerVerdict.UNKNOWN);
        assertThat(choices(servers, 100)).containsOnlyKeys(servers.getLast());
    }

    @Test
    void oneCallProbesAServerThatWasEjected() {
        List<Server> servers = servers(3);
        Server bad = servers.getFirst();
        fail(bad, ServerVerdict.UNREACHABLE, 1);
        time.advance(Duration.ofSeconds(5));

        assertThat(choices(servers, 300)).containsKey(bad);
        long probe = bad.begin();
        assertThat(choices(servers, 300)).doesNotContainKey(bad);
        bad.ended(probe, ServerVerdict.HEALTHY);
        long _ = bad.begin();
        servers.subList(1, 3).forEach(server -> {
            long _ = server.begin();
        });
        assertThat(choices(servers, 300)).containsKey(bad);
    }
}
