package io.lynx.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.LynxTest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The names under which statements are counted. */
class StatementNamesTest {
    private static final int MOST_NAMES = 300;
    private static final int THREADS = 2;

    private static Executions executions(LynxTest lynx, int number) {
        return new Executions(
                "jdbc.orders",
                "database" + number,
                lynx.context("jdbc.orders").config(JdbcConfig.class),
                lynx.context("jdbc.orders"));
    }

    @Test
    void statementsOfOneNameThatAreNewAtTheSameTimeAllHaveIt() throws InterruptedException {
        List<String> wrong = new CopyOnWriteArrayList<>();
        try (LynxTest lynx = TestDatabase.start()) {
            for (int number = 0; number < 10; number++) {
                Executions executions = executions(lynx, number);
                AtomicInteger arrived = new AtomicInteger();
                List<Thread> threads = new CopyOnWriteArrayList<>();
                for (int id = 0; id < THREADS; id++) {
                    int own = id;
                    threads.add(Thread.ofPlatform().start(() -> {
                        for (int round = 0; round < MOST_NAMES - 20; round++) {
                            int all = (round + 1) * THREADS;
                            int _ = arrived.incrementAndGet();
                            while (arrived.get() < all) {
                                LockSupport.parkNanos(1_000);
                            }
                            String name = "names." + round;
                            StatementKind kind = executions.kind("/* " + name + " */ SELECT " + own);
                            if (!kind.name().equals(name)) {
                                wrong.add(name + " is " + kind.name());
                            }
                        }
                    }));
                }
                for (Thread thread : threads) {
                    thread.join();
                }
            }
        }

        assertThat(wrong).isEmpty();
    }

    @Test
    void whatHasTooManyNamesIsCountedAsOther() {
        try (LynxTest lynx = TestDatabase.start()) {
            Executions executions = executions(lynx, 0);
            for (int i = 0; i < MOST_NAMES; i++) {
                StatementKind _ = executions.kind("/* names." + i + " */ SELECT 1");
            }

            assertThat(executions.kind("/* names.another */ SELECT 1").name()).isEqualTo("other");
            assertThat(executions.kind("/* names.1 */ SELECT 2").name()).isEqualTo("names.1");
        }
    }
}
