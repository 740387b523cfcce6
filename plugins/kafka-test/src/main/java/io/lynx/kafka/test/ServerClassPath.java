package io.lynx.kafka.test;

import java.io.File;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The jars of the broker, found by a class of each on the class path of the tests: the broker runs in a process of its own, without what
 * the tests have. Stateless.
 */
final class ServerClassPath {
    /** One class of each jar that the broker needs. */
    private static final List<String> CLASSES = List.of(
            "kafka.Kafka",
            "org.apache.kafka.clients.producer.KafkaProducer",
            "scala.Predef",
            "scala.reflect.api.Universe",
            "com.typesafe.scalalogging.Logger",
            "org.apache.kafka.server.common.MetadataVersion",
            "org.apache.kafka.coordinator.group.api.assignor.ConsumerGroupPartitionAssignor",
            "org.apache.kafka.coordinator.group.GroupCoordinator",
            "org.apache.kafka.coordinator.transaction.TransactionLogConfig",
            "org.apache.kafka.coordinator.share.ShareCoordinator",
            "org.apache.kafka.coordinator.common.runtime.CoordinatorRuntime",
            "org.apache.kafka.metadata.BrokerState",
            "org.apache.kafka.server.log.remote.storage.RemoteStorageManager",
            "org.apache.kafka.tools.api.Decoder",
            "org.apache.kafka.raft.RaftClient",
            "org.apache.kafka.storage.internals.log.LogConfig",
            "org.apache.kafka.server.Assignment",
            "org.pcollections.HashPMap",
            "com.dynatrace.hash4j.hashing.Hashing",
            "com.github.benmanes.caffeine.cache.Caffeine",
            "org.HdrHistogram.Histogram",
            "net.sourceforge.argparse4j.ArgumentParsers",
            "joptsimple.OptionParser",
            "com.fasterxml.jackson.databind.ObjectMapper",
            "com.fasterxml.jackson.core.JsonFactory",
            "com.fasterxml.jackson.annotation.JsonProperty",
            "com.fasterxml.jackson.datatype.jdk8.Jdk8Module",
            "com.fasterxml.jackson.dataformat.yaml.YAMLFactory",
            "org.yaml.snakeyaml.Yaml",
            "org.jose4j.jwt.JwtClaims",
            "com.yammer.metrics.core.Metric",
            "com.google.re2j.Pattern",
            "org.apache.logging.log4j.LogManager",
            "org.apache.logging.log4j.core.Logger",
            "org.apache.commons.validator.routines.InetAddressValidator",
            "org.slf4j.Logger",
            "com.github.luben.zstd.Zstd",
            "net.jpountz.lz4.LZ4Factory",
            "org.xerial.snappy.Snappy",
            "ch.qos.logback.classic.Logger",
            "ch.qos.logback.core.Appender");

    private ServerClassPath() {}

    /**
     * Returns the jars as a class path.
     *
     * @throws IllegalStateException if the broker is not on the class path; the message names the artifact
     */
    static String find() {
        if (jar(CLASSES.getFirst()) == null) {
            throw new IllegalStateException("Kafka is not on the class path of the tests: lynx-kafka-test needs"
                    + " org.apache.kafka:kafka_2.13; do not exclude it");
        }
        Set<Path> jars = new LinkedHashSet<>();
        for (String name : CLASSES) {
            Path jar = jar(name);
            if (jar != null) {
                boolean _ = jars.add(jar);
            }
        }
        return jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private static @Nullable Path jar(String className) {
        URL found = ServerClassPath.class.getClassLoader().getResource(className.replace('.', '/') + ".class");
        if (found == null || !found.getProtocol().equals("jar")) {
            return null;
        }
        String path = found.getPath();
        return Path.of(URI.create(path.substring(0, path.indexOf("!/"))));
    }
}
