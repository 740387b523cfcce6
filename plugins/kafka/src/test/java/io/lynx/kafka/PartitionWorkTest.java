package io.lynx.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class PartitionWorkTest {
    private static List<ConsumerRecord<byte[], byte[]>> records(long from, long to) {
        return LongStream.range(from, to)
                .mapToObj(offset -> TestRecords.record(offset, "k" + offset))
                .toList();
    }

    private static PartitionWork work(int lanes, int most, long mostBytes) {
        return new PartitionWork(new TopicPartition("t", 0), lanes, most, mostBytes);
    }

    private static RecordDelivery begin(PartitionWork work, Lane lane) {
        return Objects.requireNonNull(work.begin(lane));
    }

    @Test
    void oneLaneKeepsTheOrderAndCommitsWhatIsDone() {
        PartitionWork work = work(1, 10, 1_000_000);
        List<Lane> lanes = work.add(records(5, 8));
        assertThat(lanes).hasSize(1);
        assertThat(work.add(records(8, 9))).isEmpty();
        Lane lane = lanes.getFirst();

        RecordDelivery first = begin(work, lane);
        assertThat(first.record().offset()).isEqualTo(5);
        assertThat(work.due()).isNegative();
        RecordDelivery second = Objects.requireNonNull(work.done(lane, first));

        assertThat(second.record().offset()).isEqualTo(6);
        assertThat(work.due()).isEqualTo(6);
        work.committed(6);
        assertThat(work.due()).isNegative();
        assertThat(work.waiting()).isEqualTo(3);
    }

    @Test
    void commitsOnlyWhatFollowsNoUnfinishedRecord() {
        PartitionWork work = work(64, 100, 1_000_000);
        List<Lane> lanes =
                work.add(List.of(TestRecords.record(0, "a"), TestRecords.record(1, "b"), TestRecords.record(2, "c")));
        assertThat(lanes).hasSize(3);
        List<RecordDelivery> begun =
                lanes.stream().map(lane -> begin(work, lane)).toList();

        assertThat(work.done(lanes.get(1), begun.get(1))).isNull();
        assertThat(work.done(lanes.get(2), begun.get(2))).isNull();
        assertThat(work.due()).isNegative();
        assertThat(work.done(lanes.get(0), begun.get(0))).isNull();

        assertThat(work.due()).isEqualTo(3);
        assertThat(work.waiting()).isZero();
    }

    @Test
    void commitsSmallerOffsetsOfATopicThatWasCreatedAgain() {
        PartitionWork work = work(1, 10, 1_000_000);
        Lane lane = work.add(records(50, 51)).getFirst();
        assertThat(work.done(lane, begin(work, lane))).isNull();
        work.committed(work.due());
        assertThat(work.due()).isNegative();

        Lane again = work.add(records(0, 1)).getFirst();
        assertThat(work.done(again, begin(work, again))).isNull();

        assertThat(work.due()).isEqualTo(1);
    }

    @Test
    void recordsOfAKeyAreInOneLane() {
        PartitionWork work = work(8, 100, 1_000_000);

        assertThat(work.add(
                        List.of(TestRecords.record(0, "a"), TestRecords.record(1, "a"), TestRecords.record(2, "a"))))
                .hasSize(1);
    }

    @Test
    void isPausedByNumberAndResumedAtHalf() {
        PartitionWork work = work(1, 4, 1_000_000);
        Lane lane = work.add(records(0, 3)).getFirst();
        assertThat(work.pauseChange()).isNull();
        assertThat(work.add(records(3, 4))).isEmpty();
        assertThat(work.pauseChange()).isTrue();
        assertThat(work.pauseChange()).isNull();

        RecordDelivery next = Objects.requireNonNull(work.done(lane, begin(work, lane)));
        assertThat(work.wantsToResume()).isFalse();
        assertThat(work.done(lane, next)).isNotNull();

        assertThat(work.wantsToResume()).isTrue();
        assertThat(work.pauseChange()).isFalse();
        assertThat(work.isPaused()).isFalse();
    }

    @Test
    void isPausedBySize() {
        PartitionWork work = work(1, 1_000, 250);

        assertThat(work.add(records(0, 3))).hasSize(1);

        assertThat(work.pauseChange()).isTrue();
    }

    @Test
    void aClosedPartitionForgetsWhatHasNotBegun() {
        PartitionWork work = work(1, 10, 1_000_000);
        Lane lane = work.add(records(0, 5)).getFirst();
        RecordDelivery first = begin(work, lane);

        work.close();

        assertThat(work.idle()).isNotDone();
        assertThat(work.done(lane, first)).isNull();
        assertThat(work.idle()).isDone();
        assertThat(work.due()).isEqualTo(1);
        assertThat(work.begin(lane)).isNull();
        assertThat(work.add(records(5, 6))).isEmpty();
    }

    @Test
    void aPartitionThatClosesDuringAPauseIsIdle() {
        PartitionWork work = work(1, 10, 1_000_000);
        Lane lane = work.add(records(0, 5)).getFirst();
        assertThat(work.begin(lane)).isNotNull();
        assertThat(work.leave(lane)).isTrue();

        work.close();

        assertThat(work.idle()).isDone();
        assertThat(work.begin(lane)).isNull();
        assertThat(work.due()).isNegative();
    }
}
