package io.lynx.transport.engine.tls;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.transport.ClientTls;
import io.lynx.transport.ConnectorSpec;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS context of a client. Its files are compared with what was read at most every ten seconds, when a connection is opened;
 * a changed file applies to new connections. If it cannot be used, the context in use stays, and the files are read again at the
 * next comparison. Thread-safe.
 */
public final class ClientTlsContext {
    private static final Logger LOG = LoggerFactory.getLogger(ClientTlsContext.class);
    private static final long CHECK_INTERVAL = Duration.ofSeconds(10).toNanos();

    private final ConnectorSpec spec;
    private final ClientTls files;

    @GuardedBy("this")
    private @Nullable SslContext context;

    /** Of the files that {@link #context} was made of. */
    @GuardedBy("this")
    private List<String> versions = List.of();

    /** Of the files that could not be used when they were last read; empty if they could. */
    @GuardedBy("this")
    private List<String> failedVersions = List.of();

    @GuardedBy("this")
    private long checkedAt;

    /**
     * Reads the files, if there are any.
     *
     * @throws IllegalArgumentException if one cannot be used; the message names its key
     */
    public ClientTlsContext(ConnectorSpec spec, ClientTls files) {
        this.spec = spec;
        this.files = files;
        if (paths().findAny().isPresent()) {
            SslContext _ = current();
        }
    }

    private Stream<String> paths() {
        return Stream.of(files.authorities(), files.certificate(), files.key()).flatMap(Optional::stream);
    }

    /** Returns the context for a new connection; blocks while it reads files. */
    public synchronized SslContext current() {
        SslContext known = context;
        long now = spec.ticker().nanos();
        if (known != null && (now - checkedAt < CHECK_INTERVAL)) {
            return known;
        }
        checkedAt = now;
        List<String> found = paths().map(ClientTlsContext::version).toList();
        if (known != null && found.equals(versions)) {
            failedVersions = List.of();
            return known;
        }
        try {
            SslContext read = read();
            versions = found;
            failedVersions = List.of();
            if (known != null) {
                LOG.atInfo().addKeyValue("client", spec.name()).log("Client {}: certificates reloaded", spec.name());
            }
            context = read;
            return read;
        } catch (IllegalArgumentException unusable) {
            if (known == null) {
                throw unusable;
            }
            if (!found.equals(failedVersions)) {
                failedVersions = found;
                LOG.atWarn()
                        .addKeyValue("client", spec.name())
                        .log(
                                "Certificates changed and cannot be used; the earlier ones stay: {}",
                                unusable.getMessage());
            }
            return known;
        }
    }

    /** Identifies the content of a file. */
    private static String version(String file) {
        try {
            Path path = Path.of(file).toRealPath();
            return path + " " + Files.getLastModifiedTime(path) + " " + Files.size(path);
        } catch (IOException | InvalidPathException missing) {
            return "missing";
        }
    }

    private SslContext read() {
        SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
        List<String> protocols =
                switch (spec.version()) {
                    case HTTP_1_1 -> List.of();
                    case NEGOTIATED -> List.of("h2", "http/1.1");
                    case HTTP_2 -> List.of("h2");
                };
        if (!protocols.isEmpty()) {
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                    ApplicationProtocolConfig.Protocol.ALPN,
                    ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                    ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                    protocols));
        }
        String section = spec.section() + ".tls";
        files.authorities().ifPresent(file -> {
            byte[] certificates =
                    TlsOptions.certificates(section + ".authorities", file).getBytes();
            set(section + ".authorities", file, () -> builder.trustManager(new ByteArrayInputStream(certificates)));
        });
        if (files.certificate().isPresent() && files.key().isPresent()) {
            String certificate = files.certificate().get();
            String key = files.key().get();
            byte[] certificates = TlsOptions.certificates(section + ".certificate", certificate)
                    .getBytes();
            byte[] privateKey = TlsOptions.privateKey(section + ".key", key).getBytes();
            set(
                    section + ".key",
                    key,
                    () -> builder.keyManager(
                            new ByteArrayInputStream(certificates), new ByteArrayInputStream(privateKey)));
        }
        try {
            return builder.build();
        } catch (SSLException impossible) {
            throw new IllegalArgumentException(section + ": TLS is not available (" + impossible + ")", impossible);
        }
    }

    private static void set(String key, String file, Runnable setting) {
        try {
            setting.run();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + ": " + file + " cannot be used; a PEM file, keys in PKCS #8", e);
        }
    }
}
