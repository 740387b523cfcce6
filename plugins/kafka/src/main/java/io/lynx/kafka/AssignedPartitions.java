package io.lynx.kafka;

import io.lynx.metrics.MetricRegistry;
import io.lynx.plugin.PluginContext;
import io.lynx.time.Deadline;
import io.lynx.time.TimedWait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that a consumer has now, and the commits of what has been handled of them. Its methods are called by the thread that
 * polls, unless they say otherwise.
 */
final class AssignedPartitions implements ConsumerRebalanceListener {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaConsumers.class);
    private static final Duration COMMIT = Duration.ofSeconds(5);
    private static final Duration END_OFFSETS = Duration.ofMillis(500);
    private static final int COMMIT_ATTEMPTS = 3;

    private final ConsumerSpec spec;
    private final Consumer<byte[], byte[]> consumer;
    private final HandlerWorkers workers;
    private final Supplier<Deadline> revokeLimit;
    private final PluginContext owner;
    private final MetricRegistry registry;
    private final Map<TopicPartition, PartitionWork> works = new ConcurrentHashMap<>();
    private boolean isCommitting;
    private long committedAt;

    /** @param revokeLimit by when handlers of revoked partitions should have returned */
    AssignedPartitions(
            ConsumerSpec spec,
            Consumer<byte[], byte[]> consumer,
            HandlerWorkers workers,
            Supplier<Deadline> revokeLimit,
            PluginContext owner) {
        this.spec = spec;
        this.consumer = consumer;
        this.workers = workers;
        this.revokeLimit = revokeLimit;
        this.owner = owner;
        this.registry = owner.metrics().registry();
        this.committedAt = owner.ticker().nanos();
    }

    /** Returns the work of all partitions; any thread may call it. */
    Collection<PartitionWork> works() {
        return works.values();
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        count("assigned", partitions);
        int lanes =
                switch (spec.config().order()) {
                    case PARTITION -> 1;
                    case KEY -> spec.config().concurrency();
                };
        for (TopicPartition partition : partitions) {
            works.put(
                    partition,
                    new PartitionWork(
                            partition,
                            lanes,
                            spec.config().buffer(),
                            spec.config().bufferSize().bytes()));
        }
    }

    /** Lets running handlers end and commits what they have done, so that no other consumer handles it again. */
    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        count("revoked", partitions);
        List<PartitionWork> leaving = remove(partitions);
        await(leaving, revokeLimit.get());
        commitNow(leaving);
    }

    /** The partitions may have another consumer by now: nothing can be committed, and what still runs is cancelled. */
    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        count("lost", partitions);
        remove(partitions).forEach(this::abandon);
    }

    private void count(String kind, Collection<TopicPartition> partitions) {
        if (!partitions.isEmpty()) {
            registry.counter(KafkaMetrics.REBALANCES, spec.kafka(), spec.name(), kind)
                    .increment();
            LOG.atDebug()
                    .addKeyValue("plugin", spec.plugin())
                    .log("Consumer '{}': {} {}", spec.name(), kind, partitions);
        }
    }

    private List<PartitionWork> remove(Collection<TopicPartition> partitions) {
        List<PartitionWork> removed =
                partitions.stream().map(works::remove).filter(Objects::nonNull).toList();
        removed.forEach(PartitionWork::close);
        return removed;
    }

    private void await(List<PartitionWork> leaving, Deadline limit) {
        for (PartitionWork work : leaving) {
            try {
                if (!TimedWait.await(work.idle(), limit, owner.scheduler())) {
                    abandon(work);
                }
            } catch (InterruptedException interrupted) {
                abandon(work);
                throw new InterruptException(interrupted);
            }
        }
    }

    private void abandon(PartitionWork work) {
        List<RecordDelivery> running = work.running();
        if (!running.isEmpty()) {
            registry.counter(KafkaMetrics.HANDLED, spec.kafka(), spec.name(), "abandoned")
                    .add(running.size());
            LOG.atWarn()
                    .addKeyValue("plugin", spec.plugin())
                    .log(
                            "Consumer '{}': {} handlers of {} still run although the partition moves to another consumer,"
                                    + " which will handle their records again; they are cancelled",
                            spec.name(),
                            running.size(),
                            work.partition());
            running.forEach(RecordDelivery::cancel);
        }
    }

    /** Hands records to the workers. */
    void add(ConsumerRecords<byte[], byte[]> records) {
        for (TopicPartition partition : records.partitions()) {
            PartitionWork work = works.get(partition);
            if (work != null) {
                work.add(records.records(partition)).forEach(workers::submit);
            }
        }
    }

    /** Pauses partitions of which too many records wait, and resumes those of which few do. */
    void pauseAndResume() {
        List<TopicPartition> pausing = new ArrayList<>();
        List<TopicPartition> resuming = new ArrayList<>();
        works.forEach((partition, work) -> {
            Boolean change = work.pauseChange();
            if (change != null) {
                boolean _ = (change ? pausing : resuming).add(partition);
            }
        });
        if (!pausing.isEmpty()) {
            consumer.pause(pausing);
        }
        if (!resuming.isEmpty()) {
            consumer.resume(resuming);
        }
    }

    /** Commits what has been handled, if it is time. */
    void commit() {
        long now = owner.ticker().nanos();
        if (isCommitting || now - committedAt < spec.config().commitInterval().toNanos()) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> due = due(works.values());
        if (due.isEmpty()) {
            return;
        }
        committedAt = now;
        isCommitting = true;
        consumer.commitAsync(due, (offsets, failure) -> {
            isCommitting = false;
            if (failure == null) {
                committed(offsets);
            } else {
                notCommitted(failure); // The next commit has these offsets too.
            }
        });
    }

    private static Map<TopicPartition, OffsetAndMetadata> due(Collection<PartitionWork> works) {
        Map<TopicPartition, OffsetAndMetadata> due = new HashMap<>();
        for (PartitionWork work : works) {
            long offset = work.due();
            if (offset >= 0) {
                due.put(work.partition(), new OffsetAndMetadata(offset));
            }
        }
        return due;
    }

    private void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
        offsets.forEach((partition, offset) -> {
            PartitionWork work = works.get(partition);
            if (work != null) {
                work.committed(offset.offset());
            }
        });
    }

    private void notCommitted(Throwable failure) {
        registry.counter(KafkaMetrics.CONSUMER_ERRORS, spec.kafka(), spec.name(), "commit")
                .increment();
        LOG.atDebug()
                .addKeyValue("plugin", spec.plugin())
                .setCause(failure)
                .log("Consumer '{}': offsets could not be committed", spec.name());
    }

    private void commitNow(Collection<PartitionWork> leaving) {
        Map<TopicPartition, OffsetAndMetadata> due = due(leaving);
        if (due.isEmpty()) {
            return;
        }
        for (int i = 0; i < COMMIT_ATTEMPTS; i++) {
            try {
                consumer.commitSync(due, COMMIT);
                return;
            } catch (WakeupException woken) {
                // Workers wake the poll; the next attempt is not affected.
            } catch (InterruptException interrupted) {
                throw interrupted;
            } catch (KafkaException failure) {
                notCommitted(failure);
                return;
            }
        }
    }

    /** Lets running handlers end until a deadline and commits what has been handled. */
    void finish(Deadline deadline) {
        List<PartitionWork> all = List.copyOf(works.values());
        all.forEach(PartitionWork::close);
        await(all, deadline);
        commitNow(all);
        works.clear();
    }

    /** Forgets all partitions, as after a failure of the consumer. */
    void lose() {
        onPartitionsLost(List.copyOf(works.keySet()));
    }

    /** Returns how many records of each topic, without the prefix, are not handled yet. */
    Map<String, Long> lag() {
        Map<TopicPartition, Long> ends = endsOfPaused();
        Map<String, Long> lag = new HashMap<>();
        works.forEach((partition, work) -> {
            long behind = behind(partition, ends.get(partition));
            Long _ = lag.merge(spec.plainTopic(partition.topic()), behind + work.waiting(), Long::sum);
        });
        return lag;
    }

    private long behind(TopicPartition partition, @Nullable Long end) {
        if (end != null) {
            try {
                return Math.max(0, end - consumer.position(partition, END_OFFSETS));
            } catch (TimeoutException | WakeupException notNow) {
                // The leader has changed, and the position is not confirmed yet.
            }
        }
        return consumer.currentLag(partition).orElse(0);
    }

    /** Returns where paused partitions end. Of the others the client knows it, since it fetches them. */
    private Map<TopicPartition, Long> endsOfPaused() {
        Set<TopicPartition> paused = consumer.paused();
        if (paused.isEmpty()) {
            return Map.of();
        }
        try {
            return consumer.endOffsets(paused, END_OFFSETS);
        } catch (TimeoutException | WakeupException notNow) {
            return Map.of();
        }
    }
}
