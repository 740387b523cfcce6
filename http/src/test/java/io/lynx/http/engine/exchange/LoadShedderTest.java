package io.lynx.http.engine.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.http.RouteOptions;
import io.lynx.http.engine.interceptor.InterceptorChain;
import io.lynx.http.engine.routing.Route;
import io.lynx.http.engine.routing.Template;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoadShedderTest {
    private static final long MILLI = 1_000_000;

    private final LoadShedder shedder = new LoadShedder();
    private final Route route = route("GET");

    private static Route route(String method) {
        return new Route(
                method, Template.of("/"), RouteOptions.defaults(), (_, _) -> {}, InterceptorChain.BUILT_IN, "", null);
    }

    /** Counts how many of 160 requests with so many milliseconds left are refused. */
    private long refused(long millis) {
        return IntStream.range(0, 160)
                .filter(_ -> shedder.refuses(route, millis * MILLI))
                .count();
    }

    private void answer(int requests, long millis) {
        for (int i = 0; i < requests; i++) {
            shedder.answered(route, millis * MILLI);
        }
    }

    @Test
    void refusesNothingBeforeItHasSeenEnough() {
        answer(99, 100);
        assertThat(refused(0)).isZero();

        answer(1, 100);
        assertThat(refused(0)).isEqualTo(150);
    }

    @Test
    void settlesAtTheMedian() {
        Random random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            // Half take 10 ms or less, the others up to 1 s.
            answer(1, random.nextBoolean() ? 1 + random.nextInt(10) : 10 + random.nextInt(990));
        }

        assertThat(refused(5)).isEqualTo(150);
        assertThat(refused(25)).isZero();
    }

    @Test
    void followsARouteThatBecomesFasterAndSlower() {
        answer(200, 100);
        assertThat(refused(50)).isEqualTo(150);

        answer(100, 10);
        assertThat(refused(50)).isZero();

        answer(100, 200);
        assertThat(refused(100)).isEqualTo(150);
    }

    @Test
    void letsOneInSixteenThroughSoThatARecoveryIsNoticed() {
        answer(100, 100);

        assertThat(refused(1)).isEqualTo(150);
    }

    @Test
    void refusesNoRequestWithoutALimit() {
        answer(200, 100);

        assertThat(shedder.refuses(route, Long.MAX_VALUE)).isFalse();
    }

    @Test
    void aSlowMethodOfAPathDoesNotHaveTheOthersRefused() {
        Route slow = route("POST");
        for (int i = 0; i < 200; i++) {
            shedder.answered(slow, 500 * MILLI);
        }
        answer(200, 10);

        assertThat(refused(50)).isZero();
        assertThat(shedder.refuses(slow, 50 * MILLI)).isTrue();
    }
}
