package io.lynx.grpc;

import io.lynx.config.Binding;
import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import io.lynx.config.Size;
import java.time.Duration;
import java.util.Optional;

/**
 * The limits of gRPC calls: {@code lynx.grpc}. The address, TLS and the limits of connections and metadata are those of
 * {@code lynx.http}. Immutable.
 *
 * @param port of a listener of its own; empty for that of {@code lynx.http}
 * @param maxMessageSize a larger message ends its call with {@code RESOURCE_EXHAUSTED}
 * @param maxInFlight calls beyond it are answered with {@code RESOURCE_EXHAUSTED}
 * @param requestTimeout how long a unary call may take if its client sets no earlier deadline; zero for no limit
 * @param slowRequest a unary call that takes longer is counted as slow; zero for none
 * @param stallTimeout how long a client may take for the next piece of an answer that waits to be sent
 * @param compression whether answers use gzip for clients that accept it
 * @param reflection whether clients may read the descriptors of the services
 * @param accessLog how calls are written to the access log
 * @param defaultAccess who may call services without an access rule, once callers are authenticated
 */
public record GrpcConfig(
        @Doc("Port of a listener for gRPC alone, 0 for any free one; without it, gRPC is served on lynx.http.port")
        @Range(min = "0", max = "65535")
        Optional<Integer> port,

        @Doc("The largest message that a client may send, also when it is decompressed")
        @Default("4MiB")
        @Range(min = "1KiB", max = "1GiB")
        Size maxMessageSize,

        @Doc("How many calls are served at a time") @Default("10000") @Range(min = "1")
        int maxInFlight,

        @Doc("How long a unary call may take; the deadline of its client counts if it is earlier; 0s for no limit")
        @Default("60s")
        @Range(min = "0s")
        Duration requestTimeout,

        @Doc("A unary call that takes longer is counted as slow; 0s for none") @Default("1s") @Range(min = "0s")
        Duration slowRequest,

        @Doc("How long a client may take for the next piece of an answer that waits to be sent")
        @Default("30s")
        @Range(min = "10ms")
        Duration stallTimeout,

        @Doc("Whether answers use gzip for clients that accept it") @Default("false")
        boolean compression,

        @Doc("Whether clients may read the descriptors of the services (grpc.reflection.v1)") @Default("false")
        boolean reflection,

        @Doc("How calls are written to the logger lynx.access: as key-values (json), or not") @Default("off")
        AccessLog accessLog,

        @Doc("Who may call services without an access rule once the plugin security is there") @Default("authenticated")
        DefaultAccess defaultAccess) {
    /** How calls are written to the access log. */
    public enum AccessLog {
        /** Not at all. */
        OFF,
        /** As key-values. */
        JSON
    }

    /** Who may call a service without an access rule. */
    public enum DefaultAccess {
        /** Every caller that is identified. */
        AUTHENTICATED,
        /** Everyone. */
        ANONYMOUS
    }

    /** Returns the configuration in which no key is set. */
    public static GrpcConfig defaults() {
        return Binding.defaults(GrpcConfig.class);
    }
}
