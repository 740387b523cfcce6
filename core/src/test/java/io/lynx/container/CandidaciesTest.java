package io.lynx.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.leadership.Leadership;
import io.lynx.leadership.Lease;
import io.lynx.leadership.LeaseAnswer;
import io.lynx.leadership.LeaseBackend;
import io.lynx.plugin.PluginContext;
import io.lynx.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CandidaciesTest {
    private final ContainerFixture fixture = new ContainerFixture();
    private final List<String> released = fixture.journal;

    /** Grants every lease, and writes releases to the journal. */
    private final class Store implements LeaseBackend {
        @Override
        public LeaseAnswer acquire(String leadership, String holder, Duration duration) {
            return new LeaseAnswer.Granted(new Lease(leadership, holder, 7));
        }

        @Override
        public boolean renew(Lease lease, Duration duration) {
            return true;
        }

        @Override
        public void release(Lease lease) {
            released.add("released " + lease.token());
        }
    }

    private void store(String id) {
        FakePlugin _ = fixture.add(id, plugin -> plugin.provides(LeaseBackend.CAPABILITY, "1.0.0"))
                .onStart(context -> context.share(LeaseBackend.key(id), new Store()));
    }

    private static PluginContext context(FakePlugin plugin) {
        return Objects.requireNonNull(plugin.context);
    }

    @Test
    void leaderIsMeasuredAndReleasesTheLeaseBeforeItsPluginStops() throws Exception {
        AtomicReference<@Nullable Leadership> leadership = new AtomicReference<>();
        store("store");
        FakePlugin _ = fixture.add("orders", plugin -> plugin.requires(LeaseBackend.CAPABILITY))
                .onStart(context -> leadership.set(context.leadership("report")
                        .onGained(token -> fixture.journal.add("gained " + token.value()))
                        .onLost(token -> fixture.journal.add("lost " + token.value()))));
        fixture.start();
        fixture.time.advance(Duration.ofSeconds(1));
        Await.until("it is gained", () -> fixture.observed.contains("report Gained"));

        assertThat(fixture.metric("lynx_leadership_leader{leadership=\"report\"}"))
                .isEqualTo(1);
        assertThat(fixture.metric("lynx_leadership_terms_total{leadership=\"report\"}"))
                .isEqualTo(1);
        Await.until("the action is called", () -> fixture.journal.contains("gained 7"));
        FutureTask<List<PluginStop>> stop = ContainerFixture.async(fixture::stop);
        List<PluginStop> stops = stop.get(20, TimeUnit.SECONDS);

        assertThat(stops).allMatch(PluginStop::isClean);
        assertThat(fixture.journal)
                .containsSubsequence("gained 7", "lost 7", "released 7", "stop orders", "stopped orders", "stop store");
        assertThat(Objects.requireNonNull(leadership.get()).isLeader()).isFalse();
        assertThat(fixture.metric("lynx_leadership_ended_total{cause=\"released\",leadership=\"report\"}"))
                .isEqualTo(1);
    }

    @Test
    void closedLeadershipFreesItsNameAtOnceAndTheNextOneFollowsItsLease() throws Exception {
        store("store");
        FakePlugin orders = fixture.add("orders", plugin -> plugin.requires(LeaseBackend.CAPABILITY));
        fixture.start();
        Leadership first = context(orders)
                .leadership("report")
                .onGained(token -> fixture.journal.add("first gained"))
                .onLost(token -> fixture.journal.add("first lost"));
        fixture.time.advance(Duration.ofSeconds(1));
        Await.until("it is gained", () -> fixture.journal.contains("first gained"));

        first.close();
        Leadership second =
                context(orders).leadership("report").onGained(token -> fixture.journal.add("second gained"));
        Await.until("the lease is released", () -> fixture.journal.contains("released 7"));
        fixture.time.advance(Duration.ofSeconds(1));
        Await.until("it is gained again", () -> fixture.journal.contains("second gained"));

        assertThat(fixture.journal).containsSubsequence("first gained", "first lost", "released 7", "second gained");
        assertThat(first.isLeader()).isFalse();
        assertThat(second.isLeader()).isTrue();
        assertThat(fixture.metric("lynx_leadership_leader{leadership=\"report\"}"))
                .isEqualTo(1);
        second.close();
        assertThatThrownBy(() -> fixture.metric("lynx_leadership_leader{leadership=\"report\"}"))
                .isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void severalBackendsNeedAChoice() throws Exception {
        store("jdbc");
        store("redis");
        FakePlugin orders = fixture.add("orders", plugin -> plugin.requires(LeaseBackend.CAPABILITY));
        fixture.start();

        assertThatThrownBy(() -> context(orders).leadership("report"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "lynx.leadership.report.backend: is not set, and several plugins keep leases; set it to one of"
                                + " jdbc, redis");
    }

    @Test
    void pluginWhoseWorkBelongsToOneSystemNamesItsBackend() throws Exception {
        store("jdbc");
        store("redis");
        FakePlugin outbox = fixture.add("outbox", plugin -> plugin.requires("redis"));
        fixture.start();

        Leadership _ = context(outbox).leadership("outbox", "redis").onGained(token -> fixture.journal.add("gained"));
        fixture.time.advance(Duration.ofSeconds(1));

        Await.until("it is gained", () -> fixture.journal.contains("gained"));
        assertThatThrownBy(() -> context(outbox).leadership("other", "kafka"))
                .hasMessage("leadership 'other': 'kafka' is not a plugin that keeps leases; allowed are jdbc, redis");
    }

    @Test
    void noBackendIsAnErrorThatSaysWhatToDo() throws Exception {
        FakePlugin orders = fixture.add("orders");
        fixture.start();

        assertThatThrownBy(() -> context(orders).leadership("report"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "leadership 'report': requested by plugin 'orders' but no plugin keeps leases; add lynx-jdbc or"
                                + " lynx-redis and its section, and let the descriptor require 'leadership'");
    }

    @Test
    void refusesNamesThatAreTakenOrMalformed() throws Exception {
        store("store");
        FakePlugin orders = fixture.add("orders", plugin -> plugin.requires("store"))
                .onStart(context -> context.leadership("report"));
        FakePlugin other = fixture.add("other", plugin -> plugin.requires("store"));
        fixture.start();

        assertThatThrownBy(() -> context(other).leadership("report"))
                .hasMessage(
                        "leadership 'report': requested by plugin 'other' but owned by plugin 'orders'; a name has one"
                                + " owner");
        assertThatThrownBy(() -> context(orders).leadership("Daily report"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("leadership: 'Daily report' (plugin orders) is not a name");
    }
}
