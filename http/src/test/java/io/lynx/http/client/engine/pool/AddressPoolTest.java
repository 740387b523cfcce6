package io.lynx.http.client.engine.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.http.client.HttpCallException;
import io.lynx.http.client.engine.pool.Wires.Wire;
import io.lynx.testkit.Await;
import io.lynx.testkit.ManualTime;
import io.lynx.transport.OutgoingException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who gets which connection. */
class AddressPoolTest {
    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    private static final CallFailures FAILURES = new CallFailures(Wires.LIMITS, "GET /");

    private final ManualTime time = new ManualTime();
    private final Wires wires = new Wires();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private AddressPool pool = wires.pool(Wires.LIMITS, ADDRESS, time);

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private Future<PooledConnection> acquire() {
        return acquire(Duration.ofMinutes(1));
    }

    private Future<PooledConnection> acquire(Duration timeout) {
        CallTime call = CallTime.of(timeout, null, time, time);
        return threads.submit(() -> pool.acquire(call, false, FAILURES));
    }

    private static PooledConnection taken(Future<PooledConnection> call) throws Exception {
        return call.get(20, TimeUnit.SECONDS);
    }

    private Wire opened(int number) {
        Await.until("connection " + number + " is being opened", () -> wires.opened.size() >= number);
        return wires.opened.get(number - 1);
    }

    private PooledConnection open(int number) throws Exception {
        Future<PooledConnection> call = acquire();
        opened(number).establish(1);
        return taken(call);
    }

    private static OutgoingException refused() {
        return new OutgoingException(OutgoingException.Kind.CONNECT, true, "refused", null);
    }

    @Test
    void theConnectionUsedLastIsTaken() throws Exception {
        PooledConnection first = open(1);
        PooledConnection second = open(2);
        pool.release(first);
        pool.release(second);

        assertThat(taken(acquire())).isSameAs(second);
        assertThat(taken(acquire())).isSameAs(first);
        assertThat(wires.opened).hasSize(2);
    }

    @Test
    void callsWaitInLine() throws Exception {
        PooledConnection first = open(1);
        PooledConnection _ = open(2);
        Future<PooledConnection> third = acquire();
        Await.until("one waits", () -> pool.counts().waiting() == 1);
        Future<PooledConnection> fourth = acquire();
        Await.until("two wait", () -> pool.counts().waiting() == 2);

        assertThatThrownBy(() -> taken(acquire())).hasMessageContaining("max_waiting");
        pool.release(first);
        assertThat(taken(third)).isSameAs(first);
        pool.release(first);
        assertThat(taken(fourth)).isSameAs(first);
    }

    @Test
    void aConnectionThatCloseMakesRoomForAnother() throws Exception {
        PooledConnection first = open(1);
        PooledConnection _ = open(2);
        Future<PooledConnection> third = acquire();
        Await.until("one waits", () -> pool.counts().waiting() == 1);

        first.closed();
        opened(3).establish(1);
        assertThat(taken(third)).isNotSameAs(first);
    }

    @Test
    void aWaitEndsInTime() throws Exception {
        PooledConnection first = open(1);
        PooledConnection second = open(2);
        Future<PooledConnection> third = acquire();
        Await.until("one waits", () -> pool.counts().waiting() == 1 && time.pending() == 1);
        time.advance(Duration.ofSeconds(5));

        assertThatThrownBy(() -> taken(third))
                .hasCauseInstanceOf(HttpCallException.class)
                .hasMessageContaining("all 2 connections");
        assertThat(pool.counts().waiting()).isZero();
        pool.release(first);
        pool.release(second);
        assertThat(pool.counts()).isEqualTo(new AddressPool.Counts(0, 2, 0));
    }

    @Test
    void anAttemptToConnectEndsInTime() throws Exception {
        Future<PooledConnection> call = acquire();
        Wire wire = opened(1);
        Await.until("the call waits", () -> time.pending() == 1);
        time.advance(Duration.ofSeconds(2));

        assertThatThrownBy(() -> taken(call)).hasMessageContaining("no connection within 2000ms (connect_timeout)");
        assertThat(wire.isCancelled).isTrue();
        // It is established too late.
        wire.establish(1);
        assertThat(wire.isClosed).isTrue();
        assertThat(pool.counts()).isEqualTo(new AddressPool.Counts(0, 0, 0));
        PooledConnection _ = open(2);
    }

    @Test
    void aFailureLetsTheNextCallConnect() throws Exception {
        Future<PooledConnection> first = acquire();
        Wire one = opened(1);
        Future<PooledConnection> second = acquire();
        Wire two = opened(2);
        Future<PooledConnection> third = acquire();
        Await.until("one waits", () -> pool.counts().waiting() == 1);

        one.listener.connectFailed(refused());
        assertThatThrownBy(() -> taken(first))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("refused");
        opened(3).establish(1);
        PooledConnection _ = taken(third);
        two.establish(1);
        PooledConnection _ = taken(second);
    }

    @Test
    void idleConnectionsAreClosed() throws Exception {
        PooledConnection first = open(1);
        PooledConnection second = open(2);
        pool.release(first);
        time.advance(Duration.ofSeconds(29));
        pool.release(second);
        time.advance(Duration.ofSeconds(1));

        assertThat(wires.opened.getFirst().isClosed).isTrue();
        assertThat(wires.opened.getLast().isClosed).isFalse();
        time.advance(Duration.ofSeconds(60));
        assertThat(wires.opened.getLast().isClosed).isTrue();
    }

    @Test
    void aConnectionForManyCallsServesThoseThatWait() throws Exception {
        Future<PooledConnection> first = acquire();
        Wire wire = opened(1);
        wire.establish(3);
        PooledConnection shared = taken(first);

        assertThat(taken(acquire())).isSameAs(shared);
        assertThat(taken(acquire())).isSameAs(shared);
        Future<PooledConnection> fourth = acquire();
        opened(2).establish(3);
        assertThat(taken(fourth)).isNotSameAs(shared);
    }

    @Test
    void closingRefusesCallsThatWait() throws Exception {
        PooledConnection first = open(1);
        PooledConnection second = open(2);
        Future<PooledConnection> third = acquire();
        Await.until("one waits", () -> pool.counts().waiting() == 1);
        pool.release(second);
        assertThat(taken(third)).isSameAs(second);
        Future<PooledConnection> fourth = acquire();
        Await.until("one waits", () -> pool.counts().waiting() == 1);

        pool.close();
        assertThatThrownBy(() -> taken(fourth)).hasMessageContaining("the client is closed");
        pool.release(first);
        assertThat(wires.opened.getFirst().isClosed).isTrue();
    }

    @Test
    void callsThatWaitForTheFirstConnectionFailWithIt() throws Exception {
        pool = wires.pool(Wires.limits(Duration.ofSeconds(2), true), ADDRESS, time);
        Future<PooledConnection> first = acquire();
        Wire one = opened(1);
        Future<PooledConnection> second = acquire();
        Await.until("one waits", () -> pool.counts().waiting() == 1);
        one.listener.connectFailed(refused());

        assertThatThrownBy(() -> taken(first)).hasMessageContaining("refused");
        assertThatThrownBy(() -> taken(second)).hasMessageContaining("refused");
        assertThat(wires.opened).hasSize(1);
        PooledConnection _ = open(2);
    }

    @Test
    void aWaitForTheFirstConnectionSaysThatThereIsNone() throws Exception {
        pool = wires.pool(Wires.limits(Duration.ofMinutes(1), true), ADDRESS, time);
        Future<PooledConnection> _ = acquire();
        Wire _ = opened(1);
        Future<PooledConnection> second = acquire();
        Await.until("one waits", () -> pool.counts().waiting() == 1 && time.pending() == 2);
        time.advance(Duration.ofSeconds(5));

        assertThatThrownBy(() -> taken(second))
                .hasCauseInstanceOf(HttpCallException.class)
                .hasMessageContaining("no connection to 127.0.0.1:1 within 5000ms (max_wait)");
    }

    @Test
    void aConnectionThatTakesNoFurtherCallsGivesItsPlaceToAnother() throws Exception {
        PooledConnection first = open(1);
        PooledConnection _ = open(2);
        Future<PooledConnection> third = acquire();
        Await.until("one waits", () -> pool.counts().waiting() == 1);

        wires.opened.getFirst().takeNone();
        opened(3).establish(1);
        assertThat(taken(third)).isNotSameAs(first);
        assertThat(wires.opened.getFirst().isClosed).isFalse();
        pool.release(first);
        assertThat(wires.opened.getFirst().isClosed).isTrue();
        first.closed();
        assertThat(pool.counts()).isEqualTo(new AddressPool.Counts(2, 0, 0));
    }

    @Test
    void aConnectionThatWasNeverUsedIsIdleFromItsStartOn() throws Exception {
        time.advance(Duration.ofHours(1));
        Future<PooledConnection> call = acquire();
        Wire wire = opened(1);
        wire.establish(2);
        PooledConnection taken = taken(call);
        pool.abandon(taken);

        time.advance(Duration.ofSeconds(29));
        assertThat(wire.isClosed).isFalse();
        time.advance(Duration.ofSeconds(31));
        assertThat(wire.isClosed).isTrue();
    }

    @Test
    void aClientThatIsClosedMeanwhileSaysSo() {
        wires.close();

        assertThatThrownBy(() -> taken(acquire())).hasMessageContaining("the client is closed");
        assertThat(pool.counts()).isEqualTo(new AddressPool.Counts(0, 0, 0));
    }
}
