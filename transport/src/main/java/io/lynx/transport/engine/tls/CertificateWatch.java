package io.lynx.transport.engine.tls;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.extension.watch.PeriodicTask;
import io.lynx.time.Scheduler;
import io.lynx.transport.CertificateStatus;
import io.lynx.transport.ListenerSpec;
import io.lynx.transport.LogThread;
import io.lynx.transport.TlsFiles;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces the TLS of a listener when its files change. The contents are compared, so it does not matter how the files are replaced.
 * Files that cannot be used, because they are incomplete, do not fit together, or hold a certificate that is not valid now, change
 * nothing: what is in use stays, and they are tried again each time. They are reported when they are found unchanged by the next look,
 * since a certificate and its key are two files, which cannot be replaced at the same moment. Thread-safe.
 */
public final class CertificateWatch {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);

    private final ListenerSpec spec;
    private final TlsFiles files;
    private final String section;
    private final CurrentTls current;
    private final @Nullable PeriodicTask looks;
    private final ThreadFactory threads;
    private final AtomicBoolean isLooking = new AtomicBoolean();

    /** The version of the files that the last look could not use; empty if it could. */
    @GuardedBy("this")
    private String failed = "";

    /** The version of the files that was reported; empty if the last look could use them. */
    @GuardedBy("this")
    private String reported = "";

    private volatile CertificateStatus status;

    /**
     * Reads the files.
     *
     * @throws IllegalArgumentException if they cannot be used
     */
    public CertificateWatch(ListenerSpec spec, TlsFiles files) {
        this(spec, files, Thread.ofVirtual().name("lynx-certificates").factory());
    }

    /** @param threads makes the threads that read the files again */
    CertificateWatch(ListenerSpec spec, TlsFiles files, ThreadFactory threads) {
        this.spec = spec;
        this.files = files;
        this.threads = threads;
        this.section = spec.config().section() + ".tls";
        ServerTls first = ServerTls.read(section, files, new TlsFileContents());
        this.current = new CurrentTls(first);
        this.status = new CertificateStatus(used(first), "", 0, 0);
        Scheduler scheduler = spec.scheduler();
        this.looks = scheduler == null || files.reloadInterval().isZero()
                ? null
                : new PeriodicTask("reload of certificates", scheduler, this::lookAside);
        String invalid = invalidity(first);
        if (!invalid.isEmpty()) {
            LogThread.write(() -> LOG.atError()
                    .addKeyValue("listener", spec.config().name())
                    .log("Clients will refuse this service: {}", invalid));
        }
    }

    /** What connections use. */
    public CurrentTls tls() {
        return current;
    }

    public void start() {
        if (looks != null) {
            looks.start(files.reloadInterval());
        }
    }

    public void stop() {
        if (looks != null) {
            looks.stop();
        }
    }

    /** A file system that hangs must not hold up the scheduler, which runs deadlines. */
    private void lookAside() {
        if (isLooking.compareAndSet(false, true)) {
            boolean isStarted = false;
            try {
                threads.newThread(this::lookAndFinish).start();
                isStarted = true;
            } finally {
                // A process at its limit of threads cannot start one: then the next look follows.
                if (!isStarted) {
                    isLooking.set(false);
                }
            }
        }
    }

    private void lookAndFinish() {
        try {
            look();
        } finally {
            isLooking.set(false);
        }
    }

    /** Compares the files with what is in use, and uses what has changed. Reading takes no lock, since it may hang. */
    private void look() {
        TlsFileContents contents = new TlsFileContents();
        ServerTls read;
        try {
            read = ServerTls.read(section, files, contents);
        } catch (IllegalArgumentException unusable) {
            refuse(contents.digest(), "" + unusable.getMessage());
            return;
        }
        boolean isChanged = !read.digest().equals(current.get().digest());
        String invalid = isChanged ? invalidity(read) : "";
        if (invalid.isEmpty()) {
            accept(isChanged ? read : null);
        } else {
            refuse(read.digest(), invalid);
        }
    }

    private synchronized void accept(@Nullable ServerTls changed) {
        failed = "";
        reported = "";
        CertificateStatus before = status;
        if (changed == null) {
            if (!before.problem().isEmpty()) {
                status = new CertificateStatus(before.certificates(), "", before.reloads(), before.failures());
            }
            return;
        }
        current.set(changed);
        status = new CertificateStatus(used(changed), "", before.reloads() + 1, before.failures());
        String certificates = status.certificates().toString();
        LogThread.write(() -> LOG.atInfo()
                .addKeyValue("listener", spec.config().name())
                .addKeyValue("certificates", certificates)
                .log("Certificates of listener '{}' reloaded", spec.config().name()));
    }

    private synchronized void refuse(String version, String why) {
        if (version.equals(reported)) {
            return;
        }
        if (!version.equals(failed)) {
            failed = version;
            return;
        }
        reported = version;
        CertificateStatus before = status;
        status = new CertificateStatus(before.certificates(), why, before.reloads(), before.failures() + 1);
        LogThread.write(() -> LOG.atWarn()
                .addKeyValue("listener", spec.config().name())
                .log(
                        "Certificates of listener '{}' changed and cannot be used; the earlier ones stay: {}",
                        spec.config().name(),
                        why));
    }

    /** Says which certificate is not valid at this time; empty if all are. */
    private String invalidity(ServerTls tls) {
        for (ServerIdentity identity : tls.identities()) {
            X509Certificate certificate = identity.certificate();
            try {
                certificate.checkValidity(Date.from(spec.clock().instant()));
            } catch (CertificateException now) {
                return section + ": the certificate for " + identity.label() + " is valid from "
                        + certificate.getNotBefore().toInstant() + " to " + expiry(identity) + " only";
            }
        }
        return "";
    }

    private static Instant expiry(ServerIdentity identity) {
        return identity.certificate().getNotAfter().toInstant();
    }

    private static List<CertificateStatus.Used> used(ServerTls tls) {
        return tls.identities().stream()
                .map(identity -> new CertificateStatus.Used(identity.label(), identity.names(), expiry(identity)))
                .toList();
    }

    public CertificateStatus status() {
        return status;
    }
}
