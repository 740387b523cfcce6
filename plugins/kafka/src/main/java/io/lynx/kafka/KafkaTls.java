package io.lynx.kafka;

import io.lynx.plugin.external.TlsConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.jspecify.annotations.Nullable;

/**
 * TLS with the PEM files of a {@link TlsConfig}, which are read again when a connection is opened after they have changed. The clients
 * create it by its name and configure it. Thread-safe.
 */
public final class KafkaTls implements SslEngineFactory {
    /** The property that holds the {@link TlsConfig}. */
    static final String PROPERTY = "lynx.tls";

    private static final String PEM = DefaultSslEngineFactory.PEM_TYPE;

    private volatile Map<String, Object> properties = Map.of();
    private volatile TlsConfig files = TlsConfig.NONE;
    private volatile @Nullable Loaded loaded;

    private record Loaded(List<FileTime> times, DefaultSslEngineFactory engines) {}

    /** For the clients. */
    public KafkaTls() {}

    @Override
    public void configure(Map<String, ?> configured) {
        properties = new HashMap<>(configured);
        files = (TlsConfig) Objects.requireNonNull(configured.get(PROPERTY), PROPERTY + " is not set");
        loaded = load(files, properties);
    }

    /**
     * Checks that the files can be used.
     *
     * @throws IllegalArgumentException if one cannot; the message names the key and the file
     */
    static void check(TlsConfig files) {
        Map<String, Object> defaults = new ConfigDef().withClientSslSupport().parse(Map.of());
        Loaded checked = load(files, defaults);
        checked.engines().close();
    }

    private static Loaded load(TlsConfig files, Map<String, Object> properties) {
        Map<String, Object> all = new HashMap<>(properties);
        files.ca().ifPresent(file -> {
            all.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, PEM);
            all.put(SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG, read("tls.ca", file));
        });
        files.certificate().ifPresent(file -> {
            all.put(SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, PEM);
            all.put(SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG, read("tls.certificate", file));
        });
        files.key().ifPresent(file -> all.put(SslConfigs.SSL_KEYSTORE_KEY_CONFIG, read("tls.key", file)));
        List<FileTime> times = times(files);
        DefaultSslEngineFactory engines = new DefaultSslEngineFactory();
        try {
            engines.configure(all);
        } catch (KafkaException unusable) {
            engines.close();
            throw new IllegalArgumentException(
                    "tls: the files " + names(files) + " cannot be used; name PEM files, the key unencrypted (PKCS #8)",
                    unusable);
        }
        return new Loaded(times, engines);
    }

    private static List<String> names(TlsConfig files) {
        return Stream.of(files.ca(), files.certificate(), files.key())
                .flatMap(Optional::stream)
                .toList();
    }

    private static Password read(String key, String file) {
        try {
            return new Password(Files.readString(Path.of(file), StandardCharsets.US_ASCII));
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(
                    key + ": '" + file + "' cannot be read ("
                            + unreadable.getClass().getSimpleName() + "); name a PEM file",
                    unreadable);
        }
    }

    private static List<FileTime> times(TlsConfig files) {
        List<FileTime> times = new ArrayList<>();
        for (String file : names(files)) {
            try {
                times.add(Files.getLastModifiedTime(Path.of(file)));
            } catch (IOException absent) {
                times.add(FileTime.fromMillis(0));
            }
        }
        return times;
    }

    private DefaultSslEngineFactory current() {
        Loaded known = Objects.requireNonNull(loaded, "not configured");
        if (!known.times().equals(times(files))) {
            try {
                known = load(files, properties);
                loaded = known;
            } catch (IllegalArgumentException halfWritten) {
                // The files that were valid go on until those on the disk fit together.
                return known.engines();
            }
        }
        return known.engines();
    }

    @Override
    public SSLEngine createClientSslEngine(String host, int port, String endpointIdentification) {
        return current().createClientSslEngine(host, port, endpointIdentification);
    }

    @Override
    public SSLEngine createServerSslEngine(String host, int port) {
        return current().createServerSslEngine(host, port);
    }

    @Override
    public boolean shouldBeRebuilt(Map<String, Object> next) {
        return false;
    }

    @Override
    public Set<String> reconfigurableConfigs() {
        return Set.of();
    }

    @Override
    public @Nullable KeyStore keystore() {
        return current().keystore();
    }

    @Override
    public @Nullable KeyStore truststore() {
        return current().truststore();
    }

    @Override
    public void close() {
        Loaded known = loaded;
        if (known != null) {
            known.engines().close();
        }
    }
}
