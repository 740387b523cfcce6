package io.lynx.kafka;

import io.lynx.config.Masking;
import io.lynx.extension.UserCode;
import io.lynx.metrics.MetricRegistry;
import io.lynx.metrics.MetricSource.Samples;
import io.lynx.plugin.InFlight;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.RequestInFlight;
import io.lynx.plugin.TrafficListener;
import io.lynx.time.Deadline;
import io.lynx.time.TimedWait;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * One thread polls, and does nothing that takes long: it hands records to the workers, pauses partitions that have enough, commits what is
 * done, and polls again. So it stays a member of its group however long handlers take. Only a rebalance makes it wait for handlers, and
 * only for a limited time; the client sends its heartbeats meanwhile.
 *
 * The consumer opens when all plugins have started and drains before any of them stops, as servers do.
 */

/** The thread of a consumer. Thread-safe. */
final class ConsumerLoop implements TrafficListener {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaConsumers.class);
    private static final Duration BUSY_POLL = Duration.ofMillis(50);
    private static final Duration IDLE_POLL = Duration.ofMillis(500);
    private static final Duration MEASURE = Duration.ofSeconds(1);
    private static final Duration LEAVE = Duration.ofSeconds(2);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final ConsumerSpec spec;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final PluginContext owner;
    private final MetricRegistry registry;
    private final HandlerWorkers workers;
    private final InFlight inFlight;
    private final CompletableFuture<@Nullable Void> stopping = new CompletableFuture<>();
    private final CompletableFuture<@Nullable Void> stopped = new CompletableFuture<>();
    private volatile @Nullable Consumer<byte[], byte[]> consumer;
    private volatile @Nullable AssignedPartitions partitions;
    private volatile @Nullable Deadline stopBy;
    private volatile Map<String, Long> lag = Map.of();
    private boolean isOpened;

    /** @param consumers makes the clients: the first, and one after each failure */
    ConsumerLoop(
            ConsumerSpec spec,
            Supplier<Consumer<byte[], byte[]>> consumers,
            Function<RecordDelivery, @Nullable Duration> handling,
            InFlight inFlight,
            PluginContext owner) {
        this.spec = spec;
        this.consumers = consumers;
        this.owner = owner;
        this.registry = owner.metrics().registry();
        this.inFlight = inFlight;
        this.workers = new HandlerWorkers(handling, this::wake, owner.scheduler(), owner.ticker());
    }

    @Override
    public String name() {
        return "consumer " + spec.name();
    }

    @Override
    public synchronized void open() {
        if (!stopping.isDone()) {
            isOpened = true;
            workers.start(spec.config().concurrency(), owner.threads());
            owner.threads().newThread(this::run).start();
        }
    }

    @Override
    public List<String> urls() {
        return List.of();
    }

    @Override
    public InFlight inFlight() {
        return inFlight;
    }

    @Override
    public List<RequestInFlight> requests(int limit) {
        long now = owner.ticker().nanos();
        return running().stream()
                .map(delivery -> new RequestInFlight(spec.operation(), Duration.ofNanos(now - delivery.began()), null))
                .sorted(Comparator.comparing(RequestInFlight::age).reversed())
                .limit(limit)
                .toList();
    }

    private List<RecordDelivery> running() {
        return works().stream().flatMap(work -> work.running().stream()).toList();
    }

    private Collection<PartitionWork> works() {
        AssignedPartitions known = partitions;
        return known == null ? List.of() : known.works();
    }

    private void wake() {
        Consumer<byte[], byte[]> known = consumer;
        if (known != null) {
            known.wakeup();
        }
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        try {
            while (!stopping.isDone()) {
                if (pollUntilStopped()) {
                    pause = FIRST_PAUSE;
                }
                boolean _ = TimedWait.await(stopping, Deadline.after(pause, owner.ticker()), owner.scheduler());
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        } catch (InterruptedException | InterruptException | IllegalStateException cutOff) {
            // The plugin has stopped.
        } finally {
            workers.stop();
            boolean _ = stopped.complete(null);
        }
    }

    /** Polls until the consumer stops or fails. Returns whether it has received partitions. */
    private boolean pollUntilStopped() throws InterruptedException {
        Consumer<byte[], byte[]> made = null;
        AssignedPartitions assigned = null;
        boolean isFinished = false;
        boolean hadPartitions = false;
        try {
            made = consumers.get();
            assigned = new AssignedPartitions(spec, made, workers, this::revokeLimit, owner);
            consumer = made;
            partitions = assigned;
            made.subscribe(spec.topics(), assigned);
            long measuredAt = owner.ticker().nanos();
            while (!stopping.isDone()) {
                poll(made, assigned);
                if (owner.ticker().nanos() - measuredAt >= MEASURE.toNanos()) {
                    measuredAt = owner.ticker().nanos();
                    lag = assigned.lag();
                    hadPartitions |= !lag.isEmpty();
                }
            }
            assigned.finish(stopLimit());
            isFinished = true;
        } catch (InterruptException interrupted) {
            throw interrupted;
        } catch (RuntimeException | Error failure) {
            UserCode.rethrowIfFatal(
                    failure); // Any other Error, as of a compression that is missing, concerns a record.
            failed(failure);
        } finally {
            consumer = null;
            lag = Map.of();
            close(made, assigned, isFinished);
        }
        return hadPartitions;
    }

    private void poll(Consumer<byte[], byte[]> made, AssignedPartitions assigned) {
        boolean isBusy = assigned.works().stream().anyMatch(work -> work.waiting() > 0 || work.due() >= 0);
        try {
            assigned.add(made.poll(isBusy ? BUSY_POLL : IDLE_POLL));
        } catch (WakeupException woken) {
            // A worker has made room, or the consumer is to stop.
        }
        assigned.pauseAndResume();
        assigned.commit();
    }

    private void close(
            @Nullable Consumer<byte[], byte[]> made, @Nullable AssignedPartitions assigned, boolean isFinished) {
        if (assigned != null && !isFinished) {
            assigned.lose();
        }
        if (made != null) {
            boolean isInterrupted = Thread.interrupted();
            Consumer<byte[], byte[]> closing = made;
            boolean _ = UserCode.run(
                    () -> closing.close(CloseOptions.timeout(isInterrupted ? Duration.ZERO : LEAVE)),
                    failure -> LOG.atDebug()
                            .setCause(UserCode.loggable(failure))
                            .log("Consumer '{}' could not leave its group", spec.name()));
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void failed(Throwable failure) {
        registry.counter(KafkaMetrics.CONSUMER_ERRORS, spec.kafka(), spec.name(), "poll")
                .increment();
        LOG.atWarn()
                .addKeyValue("plugin", spec.plugin())
                .log(
                        "Consumer '{}' failed: {}; it connects again",
                        spec.name(),
                        Masking.mask(UserCode.describe(failure)));
    }

    private Deadline revokeLimit() {
        Deadline limit = Deadline.after(spec.config().revokeTimeout(), owner.ticker());
        Deadline stop = stopBy;
        return stop == null ? limit : limit.earliest(stop);
    }

    private Deadline stopLimit() {
        Deadline known = stopBy;
        return known == null ? Deadline.after(spec.config().revokeTimeout(), owner.ticker()) : known;
    }

    @Override
    public void announceStop() {
        // Producers need not be asked; the group moves the partitions when the consumer leaves.
    }

    @Override
    public void drain(Deadline deadline) throws InterruptedException {
        if (stop(deadline)) {
            boolean _ = TimedWait.await(stopped, deadline, owner.scheduler());
        }
    }

    /** Lets the thread finish by a deadline. Returns whether it has ever run. */
    private synchronized boolean stop(Deadline deadline) {
        Deadline known = stopBy;
        stopBy = known == null ? deadline : known.earliest(deadline);
        boolean _ = stopping.complete(null);
        wake();
        return isOpened;
    }

    @Override
    public void close() {
        boolean hasRun = stop(Deadline.after(Duration.ZERO, owner.ticker()));
        if (hasRun && !stopped.isDone()) {
            List<RecordDelivery> cutOff = running();
            cutOff.forEach(delivery -> {
                inFlight.recordFailure();
                delivery.cancel();
            });
            if (!cutOff.isEmpty()) {
                LOG.atWarn()
                        .addKeyValue("plugin", spec.plugin())
                        .log(
                                "Consumer '{}': {} handlers were cut off; their records will be handled again",
                                spec.name(),
                                cutOff.size());
            }
            workers.stop();
        }
    }

    /** Adds the present values of the metrics. */
    void collect(Samples out) {
        Collection<PartitionWork> works = works();
        out.add(KafkaMetrics.RUNNING, (double) inFlight.current(), spec.kafka(), spec.name());
        out.add(KafkaMetrics.PARTITIONS, works.size(), spec.kafka(), spec.name(), "assigned");
        out.add(
                KafkaMetrics.PARTITIONS,
                (double) works.stream().filter(PartitionWork::isPaused).count(),
                spec.kafka(),
                spec.name(),
                "paused");
        lag.forEach((topic, records) -> out.add(KafkaMetrics.LAG, records, spec.kafka(), spec.name(), topic));
    }
}
