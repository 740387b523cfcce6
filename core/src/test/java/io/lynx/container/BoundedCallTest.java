package io.lynx.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.ManualTime;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BoundedCallTest {
    private static final int ROUNDS = 200;

    private final ManualTime time = new ManualTime();

    /** The call returns at the moment at which its caller is interrupted: the result reaches the caller, or it is late. */
    @Test
    void resultIsNotLostWhenTheCallerIsInterruptedAsTheCallReturns() throws Exception {
        Thread caller = Thread.currentThread();
        for (int round = 0; round < ROUNDS; round++) {
            CountDownLatch late = new CountDownLatch(1);
            BoundedCall<String> call = BoundedCall.begin(
                    "open of listener 'web'",
                    () -> {
                        while (caller.getState() != Thread.State.TIMED_WAITING) {
                            Thread.onSpinWait();
                        }
                        caller.interrupt();
                        return "opened";
                    },
                    _ -> late.countDown());

            try {
                assertThat(call.await(Deadline.after(Duration.ofMinutes(1), time), time))
                        .isEqualTo("opened");
                assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
            } catch (InterruptedException leftBehind) {
                assertThat(late.await(30, TimeUnit.SECONDS))
                        .as("the result of round " + round + " is late")
                        .isTrue();
            }
        }
    }
}
