package io.lynx.grpc.client.engine;

import io.grpc.CallCredentials;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the calls of a client are made. Immutable and thread-safe.
 *
 * @param name of the client
 * @param timeout for a unary call whose options have no deadline
 * @param maxMessageSize the largest message that is received, also when it is decompressed
 * @param compressor what compresses messages whose options name nothing; empty for none
 * @param propagates whether calls carry the context of the request for which they are made
 * @param headers that every call has: name in lower case, value, name, value…
 * @param credentials of calls whose options have none; null for none
 */
public record RpcRules(
        String name,
        Duration timeout,
        int maxMessageSize,
        String compressor,
        boolean propagates,
        List<String> headers,
        @Nullable CallCredentials credentials) {
    String section() {
        return "lynx.clients." + name;
    }
}
