package io.lynx.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.event.Event.Priority;
import io.lynx.event.PublishResult.DropReason;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubscriberQueueTest {
    private static @Nullable DropReason offer(SubscriberQueue queue, int number) {
        return queue.offer(TestEvents.of(number, Priority.NORMAL), null, null);
    }

    private static List<Integer> numbers(List<Event<?>> events) {
        return events.stream().map(TestEvents::number).toList();
    }

    private static int next(SubscriberQueue queue) {
        Event<?> event = queue.poll();
        return event == null ? -1 : TestEvents.number(event);
    }

    @Test
    void countsWhatTheWorkerHasNotClaimedAsQueued() {
        SubscriberQueue queue = new SubscriberQueue(1000, 0, false);
        IntStream.range(0, 600).forEach(i -> offer(queue, i));

        int first = next(queue);

        assertThat(first).isZero();
        assertThat(queue.counts()).isEqualTo(new SubscriberQueue.Counts(600, 599));
    }

    @Test
    void keepsTheOrderThroughPausesAndClose() {
        SubscriberQueue queue = new SubscriberQueue(1000, 0, false);
        IntStream.range(0, 300).forEach(i -> offer(queue, i));
        List<Integer> seen = new ArrayList<>(List.of(next(queue), next(queue)));

        queue.pause(true);
        assertThat(next(queue)).isEqualTo(-1);
        offer(queue, 300);
        queue.pause(false);
        IntStream.range(0, 100).forEach(_ -> seen.add(next(queue)));
        seen.addAll(numbers(queue.close()));

        assertThat(seen).isEqualTo(IntStream.rangeClosed(0, 300).boxed().toList());
        assertThat(next(queue)).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 255, 256, 257, 1000})
    void holdsExactlyItsCapacity(int capacity) {
        SubscriberQueue queue = new SubscriberQueue(capacity, 0, false);
        IntStream.range(0, capacity).forEach(i -> assertThat(offer(queue, i)).isNull());

        assertThat(offer(queue, -1)).isEqualTo(DropReason.NO_ROOM);
        assertThat(next(queue)).isZero();
        assertThat(offer(queue, capacity)).isNull();
        assertThat(offer(queue, -1)).isEqualTo(DropReason.NO_ROOM);
    }

    @Test
    void reservesPlacesForCriticalEvents() {
        SubscriberQueue queue = new SubscriberQueue(4, 2, false);
        offer(queue, 1);
        offer(queue, 2);

        assertThat(offer(queue, 3)).isEqualTo(DropReason.NO_ROOM);
        assertThat(queue.offer(TestEvents.of(4, Priority.CRITICAL), null, null)).isNull();
        assertThat(queue.counts().queued()).isEqualTo(3);
    }

    @Test
    void makesRoomByTheOldestEvents() {
        SubscriberQueue queue = new SubscriberQueue(4, 1, false);
        List<Integer> displaced = new ArrayList<>();
        IntStream.range(0, 3).forEach(i -> offer(queue, i));
        queue.offer(TestEvents.of(3, Priority.CRITICAL), null, null);

        DropReason reason =
                queue.offer(TestEvents.of(4, Priority.NORMAL), null, event -> displaced.add(TestEvents.number(event)));

        assertThat(reason).isNull();
        assertThat(displaced).containsExactly(0, 1);
        assertThat(numbers(queue.close())).containsExactly(2, 3, 4);
    }

    @Test
    void deliversWhatIsQueuedWhenItDrains() {
        SubscriberQueue queue = new SubscriberQueue(4, 0, false);
        offer(queue, 1);

        queue.drain();

        assertThat(offer(queue, 2)).isEqualTo(DropReason.CLOSED);
        assertThat(queue.take()).isNotNull();
        assertThat(queue.take()).isNull();
    }
}
