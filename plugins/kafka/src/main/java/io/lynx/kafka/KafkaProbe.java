package io.lynx.kafka;

import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.common.KafkaFuture;
import org.jspecify.annotations.Nullable;

/** The client of the health check, with connections of its own. Thread-safe; checks exclude each other. */
final class KafkaProbe {
    /** What the client says of calls after its thread has ended. */
    private static final String THREAD_ENDED = "AdminClient thread has exited";

    private final ClientSettings settings;
    private final ReentrantLock checking = new ReentrantLock();
    private volatile @Nullable Admin admin;
    private @Nullable String version;
    private volatile boolean isClosed;

    /**
     * What the brokers answered.
     *
     * @param cluster its id
     * @param brokers how many there are
     * @param version of the metadata, which the versions of the brokers allow
     */
    record Answer(String cluster, int brokers, String version) {}

    KafkaProbe(ClientSettings settings) {
        this.settings = settings;
    }

    /**
     * Makes a round trip.
     *
     * @throws Exception if there is no answer, or the brokers do not accept the plugin
     */
    Answer check(Deadline deadline) throws Exception {
        checking.lockInterruptibly();
        try {
            Admin client = client();
            DescribeClusterResult described = client.describeCluster(
                    new DescribeClusterOptions().timeoutMs(ClientSettings.millis(deadline.remaining())));
            int brokers = get(described.nodes(), deadline).size();
            String cluster = get(described.clusterId(), deadline);
            String known = version;
            if (known == null) {
                known = version(client, deadline);
                version = known;
            }
            return new Answer(cluster, brokers, known);
        } catch (Exception failure) {
            if (isDead(failure)) {
                drop();
            }
            throw failure;
        } finally {
            checking.unlock();
        }
    }

    /**
     * Returns whether the thread of the client has ended, as by an answer that announces more bytes than the heap has: such a server is
     * not Kafka, or waits for TLS.
     */
    private static boolean isDead(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (String.valueOf(at.getMessage()).contains(THREAD_ENDED)) {
                return true;
            }
        }
        return false;
    }

    /** Lets the next check make another client. */
    private void drop() {
        Admin known = admin;
        admin = null;
        if (known != null) {
            known.close(Duration.ZERO);
        }
    }

    private Admin client() {
        if (isClosed) {
            throw new IllegalStateException("is closed");
        }
        Admin known = admin;
        if (known == null) {
            known = Admin.create(settings.admin());
            admin = known;
            if (isClosed) { // Since then; nothing else would close the new client.
                known.close(Duration.ZERO);
                throw new IllegalStateException("is closed");
            }
        }
        return known;
    }

    private static String version(Admin client, Deadline deadline) throws Exception {
        FinalizedVersionRange level = get(client.describeFeatures().featureMetadata(), deadline)
                .finalizedFeatures()
                .get("metadata.version");
        return level == null ? "unknown" : "metadata.version " + level.maxVersionLevel();
    }

    private static <T> T get(KafkaFuture<T> future, Deadline deadline) throws Exception {
        try {
            return future.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Exception cause) {
                throw KafkaFailures.isOutage(cause) ? KafkaFailures.explain(cause) : cause;
            }
            throw failed;
        } catch (TimeoutException late) {
            throw new KafkaOutageException("no broker has answered in time", late);
        }
    }

    /** Closes it without waiting for answers. A check that is in progress fails. */
    void close() {
        isClosed = true;
        Admin known = admin;
        if (known != null) {
            known.close(Duration.ZERO);
        }
    }
}
