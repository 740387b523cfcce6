package io.lynx.http.engine.interceptor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LimiterTableTest {
    @Test
    void aFloodOfKeysIsBoundedAndKeepsTheKeysInUse() {
        LimiterTable<Object> table = new LimiterTable<>(1000);
        Object known = table.of("known", Object::new);
        for (int i = 0; i < 100_000; i++) {
            Object _ = table.of("flood " + i, Object::new);
            assertThat(table.of("known", Object::new)).isSameAs(known);
        }
        assertThat(table.size()).isBetween(900, 1016);
    }

    @Test
    void theKeyThatWasUsedLongestAgoGivesWay() {
        LimiterTable<Object> table = new LimiterTable<>(1);
        Object first = table.of("a", Object::new);
        for (int i = 0; i < 1000; i++) {
            Object _ = table.of("flood " + i, Object::new);
        }
        assertThat(table.of("a", Object::new)).isNotSameAs(first);
    }

    @Test
    void threadsShareWhatIsKeptForAKey() throws Exception {
        LimiterTable<Object> table = new LimiterTable<>(10_000);
        AtomicInteger made = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            threads.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 1000; i++) {
                    Object _ = table.of("key " + i, made::incrementAndGet);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(made).hasValue(1000);
    }
}
