package io.lynx.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.context.RequestScope;
import io.lynx.testkit.ManualTime;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.BuilderFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.util.SafeEncoder;

/** The answer of a blocking command and the cancellation of its request at the same moment, on a connection without a server. */
class LimitedCallsTest {
    private final RequestScope request = RequestScope.of("request", null);
    private final CommandObject<String> command = new CommandObject<>(
            new CommandArguments(Protocol.Command.BLPOP).add("queue").blocking(), BuilderFactory.STRING);

    /** Answers, and is slow to be closed. */
    private static class FakeConnection extends Connection {
        private final CountDownLatch isClosing = new CountDownLatch(1);
        private final CountDownLatch mayClose = new CountDownLatch(1);

        FakeConnection() {
            super(new DefaultJedisSocketFactory());
        }

        @Override
        public Object executeCommand(CommandArguments arguments) {
            return SafeEncoder.encode("answer");
        }

        @Override
        public void forceDisconnect() {
            isClosing.countDown();
            await(mayClose);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Test
    void aConnectionThatIsAboutToBeClosedServesNoOtherCall() throws Exception {
        Thread canceller = Thread.ofVirtual().unstarted(request::cancel);
        FakeConnection connection = new FakeConnection() {
            @Override
            public Object executeCommand(CommandArguments arguments) {
                canceller.start();
                LimitedCallsTest.await(super.isClosing);
                return super.executeCommand(arguments);
            }
        };

        String answer = request.call(() -> new LimitedCalls().execute(connection, command));

        assertThat(answer).isEqualTo("answer");
        assertThat(connection.isBroken()).as("its pool closes it").isTrue();
        connection.mayClose.countDown();
        canceller.join();
    }

    @Test
    void aCancellationAfterTheAnswerClosesNothing() throws Exception {
        FakeConnection connection = new FakeConnection();

        String answer = request.call(() -> new LimitedCalls().execute(connection, command));
        request.cancel();

        assertThat(answer).isEqualTo("answer");
        assertThat(connection.isBroken()).isFalse();
        assertThat(connection.isClosing.getCount()).isEqualTo(1);
    }

    @Test
    void aReadDoesNotEndBeforeTheDeadline() {
        ManualTime time = new ManualTime();

        assertThat(LimitedCalls.millis(Deadline.after(Duration.ofNanos(1_500_000), time)))
                .isEqualTo(2);
        assertThat(LimitedCalls.millis(Deadline.after(Duration.ofMillis(3), time)))
                .isEqualTo(3);
        assertThat(LimitedCalls.millis(Deadline.after(Duration.ZERO, time))).isEqualTo(1);
    }
}
