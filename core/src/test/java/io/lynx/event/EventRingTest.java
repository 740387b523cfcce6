package io.lynx.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventRingTest {
    @Test
    void givesBackInOrderOverManyLaps() {
        EventRing<Integer> ring = new EventRing<>(3, 0);

        List<Integer> out = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            assertThat(ring.offer(i, false)).isEqualTo(EventRing.TAKEN);
            assertThat(ring.offer(-i, false)).isEqualTo(EventRing.TAKEN);
            out.add(ring.poll());
            ring.poll();
        }

        assertThat(out).hasSize(1000).isSorted();
        assertThat(ring.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 8, 1000, 1024})
    void holdsExactlyItsCapacity(int capacity) {
        EventRing<Integer> ring = new EventRing<>(capacity, 0);

        for (int lap = 0; lap < 3; lap++) {
            for (int i = 0; i < capacity; i++) {
                assertThat(ring.offer(i, false)).isEqualTo(EventRing.TAKEN);
            }
            assertThat(ring.offer(-1, false)).isEqualTo(EventRing.FULL);
            assertThat(ring.offer(-1, true)).isEqualTo(EventRing.FULL);
            for (int i = 0; i < capacity; i++) {
                assertThat(ring.poll()).isEqualTo(i);
            }
            assertThat(ring.poll()).isNull();
        }
    }

    @Test
    void keepsTheReserveForTheUrgent() {
        EventRing<String> ring = new EventRing<>(4, 1);
        ring.offer("a", false);
        ring.offer("b", false);
        ring.offer("c", false);

        int ordinary = ring.offer("d", false);
        int urgent = ring.offer("e", true);
        int secondUrgent = ring.offer("f", true);

        assertThat(ordinary).isEqualTo(EventRing.FULL);
        assertThat(urgent).isEqualTo(EventRing.TAKEN);
        assertThat(secondUrgent).isEqualTo(EventRing.FULL);
    }

    @Test
    void takesOnlyWhatIsAskedFor() {
        EventRing<String> ring = new EventRing<>(4, 0);
        ring.offer("keep", false);

        assertThat(ring.poll(element -> !element.equals("keep"))).isNull();
        assertThat(ring.peek()).isEqualTo("keep");
        assertThat(ring.poll(element -> element.equals("keep"))).isEqualTo("keep");
        assertThat(ring.peek()).isNull();
    }

    @Test
    void letsNothingInOnceClosedAndGivesBackWhatItHas() {
        EventRing<String> ring = new EventRing<>(4, 0);
        ring.offer("a", false);

        ring.close();

        assertThat(ring.offer("b", true)).isEqualTo(EventRing.CLOSED);
        assertThat(ring.claimed()).isEqualTo(1);
        assertThat(ring.isEmpty()).isFalse();
        assertThat(ring.poll()).isEqualTo("a");
        assertThat(ring.isEmpty()).isTrue();
        assertThat(ring.isClosed()).isTrue();
    }

    @Test
    void losesAndDoublesNothingBetweenManyThreadsAndAClose() throws InterruptedException {
        for (int round = 0; round < 10; round++) {
            EventRing<Integer> ring = new EventRing<>(7, 2);
            ConcurrentHashMap<Integer, Boolean> in = new ConcurrentHashMap<>();
            ConcurrentHashMap<Integer, Boolean> out = new ConcurrentHashMap<>();
            AtomicInteger next = new AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                boolean urgent = i == 0;
                threads.add(Thread.ofPlatform().start(() -> fill(ring, next, urgent, in)));
            }
            for (int i = 0; i < 2; i++) {
                threads.add(Thread.ofPlatform().start(() -> empty(ring, out)));
            }
            Eventually.eventually("some were put in", () -> in.size() > 200);

            ring.close();
            for (Thread thread : threads) {
                thread.join();
            }

            assertThat(out).containsExactlyInAnyOrderEntriesOf(in);
            assertThat(ring.claimed()).isEqualTo(in.size()).isEqualTo(ring.taken());
        }
    }

    private static void fill(
            EventRing<Integer> ring, AtomicInteger next, boolean urgent, ConcurrentHashMap<Integer, Boolean> in) {
        while (true) {
            int element = next.getAndIncrement();
            int outcome = ring.offer(element, urgent);
            if (outcome == EventRing.CLOSED) {
                return;
            }
            if (outcome == EventRing.TAKEN) {
                in.put(element, true);
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private static void empty(EventRing<Integer> ring, ConcurrentHashMap<Integer, Boolean> out) {
        while (!ring.isClosed() || !ring.isEmpty()) {
            Integer element = ring.poll();
            if (element == null) {
                Thread.onSpinWait();
            } else if (out.put(element, true) != null) {
                throw new AssertionError(element + " was taken twice");
            }
        }
    }
}
