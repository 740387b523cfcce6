package io.lynx.plugin.external;

import io.lynx.config.Masking;
import io.lynx.extension.UserCode;
import io.lynx.health.Health;
import io.lynx.plugin.PluginContext;
import io.lynx.resilience.Permit;
import io.lynx.time.Deadline;
import io.lynx.time.TimedWait;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects one start of a plugin to its system: at the start, in the background if the system was not there, and by its health
 * checks. Thread-safe.
 */
final class SystemConnector<C extends Record & ExternalSystemConfig, R> {
    private static final Logger LOG = LoggerFactory.getLogger(ExternalSystemPlugin.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    /** What is kept of the time of a start to report that it failed. */
    private static final Duration RESERVE = Duration.ofSeconds(1);

    private final ExternalSystemPlugin<C, R> plugin;
    private final PluginContext context;
    private final C config;
    private final R client;
    private final Uses uses;
    private final ReentrantLock connecting = new ReentrantLock();
    private final CompletableFuture<@Nullable Void> stopped = new CompletableFuture<>();
    private volatile boolean isConnected;
    private volatile @Nullable Exception lastFailure;
    private volatile @Nullable Thread hanging;

    SystemConnector(ExternalSystemPlugin<C, R> plugin, PluginContext context, C config, R client, Uses uses) {
        this.plugin = plugin;
        this.context = context;
        this.config = config;
        this.client = client;
        this.uses = uses;
    }

    Uses uses() {
        return uses;
    }

    R client() {
        return client;
    }

    /** Drops connections that may be broken. */
    void evict() {
        plugin.evict(client);
    }

    /** Ends attempts to connect. */
    void stop() {
        boolean _ = stopped.complete(null);
    }

    /**
     * Connects, and tries again until shortly before the deadline.
     *
     * @throws ExternalSystemException if the system cannot be reached, or does not accept the plugin
     */
    void require(Deadline deadline) throws Exception {
        Deadline limit = deadline.minus(min(RESERVE, deadline.remaining().dividedBy(4)));
        Duration pause = FIRST_PAUSE;
        for (int attempts = 1; ; attempts++) {
            try {
                Health _ = connect(limit);
                return;
            } catch (Exception failure) {
                if (isInterrupt(failure)) {
                    throw failure;
                }
                if (!isOutage(failure)) {
                    throw failure instanceof PreparationException broken
                            ? broken
                            : new ExternalSystemException(plugin.refused(config, failure), failure);
                }
                if (limit.remaining().compareTo(pause) <= 0) {
                    throw new ExternalSystemException(plugin.unreachable(config, failure, attempts), failure);
                }
                if (attempts == 1) {
                    LOG.atWarn()
                            .addKeyValue("plugin", plugin.id())
                            .log(
                                    "{} cannot be reached: {}; trying again until the deadline of the start",
                                    Masking.mask(plugin.address(config)),
                                    Masking.mask(UserCode.describe(failure)));
                }
            }
            boolean _ = TimedWait.await(stopped, limit.atMost(pause), context.scheduler());
            pause = min(pause.multipliedBy(2), LONGEST_PAUSE);
        }
    }

    /**
     * Connects if that is possible now; otherwise goes on in the background.
     *
     * @throws PreparationException if the preparation of the system fails, although it can be reached
     */
    void tryNow(Deadline deadline) throws Exception {
        try {
            Health _ = connect(deadline.minus(RESERVE));
        } catch (Exception failure) {
            if (isInterrupt(failure) || failure instanceof PreparationException) {
                throw failure;
            }
            LOG.atWarn()
                    .addKeyValue("plugin", plugin.id())
                    .log(
                            "{} cannot be used: {}; the plugin starts without it and connects when it can",
                            Masking.mask(plugin.address(config)),
                            Masking.mask(UserCode.describe(failure)));
            tryLater(FIRST_PAUSE);
        }
    }

    private void tryLater(Duration pause) {
        if (stopped.isDone()) {
            return;
        }
        try {
            var _ = context.scheduler().after(pause, () -> {
                try {
                    Health _ = connect(Deadline.after(config.healthTimeout(), context.ticker()));
                } catch (Exception stillAbsent) {
                    tryLater(min(pause.multipliedBy(2), LONGEST_PAUSE));
                }
            });
        } catch (RejectedExecutionException | IllegalStateException closed) {
            // The plugin has stopped.
        }
    }

    /** Makes a round trip and, before the first use, prepares the system. Uses are let in when both have succeeded once. */
    private Health connect(Deadline deadline) throws Exception {
        try {
            Health known = probe(deadline);
            connecting.lockInterruptibly();
            try {
                if (!isConnected && !stopped.isDone()) {
                    prepare();
                    isConnected = true;
                    if (uses.connected()) {
                        LOG.atInfo().addKeyValue("plugin", plugin.id()).log("Connected to {}", describe(known));
                    }
                }
            } finally {
                connecting.unlock();
            }
            return known;
        } catch (Exception failure) {
            notConnected(failure);
            throw failure;
        }
    }

    private void notConnected(Exception failure) {
        if (isConnected || stopped.isDone()) {
            return;
        }
        Exception before = lastFailure;
        lastFailure = failure;
        uses.refuse("has not connected to " + Masking.mask(plugin.address(config)) + " yet", failure);
        String reason = UserCode.describe(failure);
        if (before != null && !UserCode.describe(before).equals(reason)) {
            LOG.atWarn()
                    .addKeyValue("plugin", plugin.id())
                    .log("{} cannot be used: {}", Masking.mask(plugin.address(config)), Masking.mask(reason));
        }
    }

    /**
     * Probes the system on a thread of its own, which is interrupted if the time is over: not every client has time limits for all that
     * it does.
     */
    private Health probe(Deadline deadline) throws Exception {
        Thread earlier = hanging;
        if (earlier != null && earlier.isAlive()) {
            throw new TimeoutException("no answer: an earlier attempt still hangs");
        }
        Deadline limit = deadline.atMost(config.healthTimeout());
        CompletableFuture<Health> answer = new CompletableFuture<>();
        Thread thread = context.threads().newThread(() -> {
            try {
                boolean _ = answer.complete(plugin.probe(client, config, limit));
            } catch (Throwable failure) {
                boolean _ = answer.completeExceptionally(failure);
                UserCode.rethrowIfFatal(failure);
            }
        });
        thread.start();
        boolean hasEnded = false;
        try {
            hasEnded = TimedWait.await(answer, limit, context.scheduler());
        } finally {
            if (!hasEnded) {
                hanging = thread;
                thread.interrupt();
            }
        }
        if (!hasEnded) {
            throw new TimeoutException(
                    "no answer within " + config.healthTimeout().toMillis() + "ms");
        }
        try {
            return answer.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw failed;
        }
    }

    private boolean isOutage(Exception failure) {
        return failure instanceof TimeoutException || plugin.isOutage(failure);
    }

    private String describe(Health known) {
        Object version = known.data().get("version");
        return Masking.mask(plugin.address(config)) + (version == null ? "" : " (" + version + ")");
    }

    private void prepare() throws Exception {
        try {
            plugin.prepare(client, config);
        } catch (Exception failure) {
            if (isInterrupt(failure) || isOutage(failure)) {
                throw failure;
            }
            throw new PreparationException(UserCode.messageOf(failure), failure);
        }
    }

    /**
     * Makes a round trip. It never prepares the system, since a check that exceeds its time is interrupted.
     *
     * @throws Exception if the system does not answer, or could not be prepared
     */
    Health health() throws Exception {
        long began = context.ticker().nanos();
        try (Permit trial = uses.probe()) {
            try {
                Health known = probe(Deadline.after(config.healthTimeout(), context.ticker()));
                if (trial != null) {
                    trial.success();
                }
                if (!isConnected) {
                    throw notPrepared();
                }
                Duration took = Duration.ofNanos(context.ticker().nanos() - began);
                return known.with("answeredInMs", took.toMillis()).with("inUse", uses.count());
            } catch (Exception failure) {
                if (trial != null) {
                    trial.failure(failure);
                }
                throw failure;
            }
        }
    }

    /** The system answers again, and the attempt to connect in the background is about to find that out. */
    private Exception notPrepared() {
        Exception last = lastFailure;
        return last == null ? new IllegalStateException("is connecting") : last;
    }

    private static boolean isInterrupt(Exception failure) {
        return failure instanceof InterruptedException || Thread.currentThread().isInterrupted();
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
