package io.lynx.redis;

import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.PushConsumerChain;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.RedisInputStream;

/**
 * A connection that refuses an answer whose announced length is larger than a quarter of the heap, before Jedis makes room for it: a
 * process that runs out of memory exits. Used by one thread at a time.
 */
final class BoundedConnection extends Connection {
    private static final int PART_OF_HEAP = 4;

    /** The length of an array counts for so many bytes for each element. */
    private static final int ELEMENT = 16;

    private final long most = Runtime.getRuntime().maxMemory() / PART_OF_HEAP;
    private @Nullable BoundedAnswers answers;

    private BoundedConnection(Connection.Builder builder) {
        super(builder);
    }

    /** Makes such connections to one server. */
    private static final class Builder extends Connection.Builder {
        Builder(HostAndPort server, JedisClientConfig config) {
            Connection.Builder _ = socketFactory(new KeptAliveSockets(server, config));
            Connection.Builder _ = clientConfig(config);
        }

        @Override
        protected Connection createConnection() {
            return new BoundedConnection(this);
        }
    }

    /** Opens a connection. */
    static Connection open(HostAndPort server, JedisClientConfig config) {
        return new Builder(server, config).build();
    }

    /** Returns what opens the connections of a pool. */
    static ConnectionFactory factory(HostAndPort server, JedisClientConfig config) {
        return ConnectionFactory.builder()
                .hostAndPort(server)
                .clientConfig(config)
                .connectionBuilder(new Builder(server, config))
                .build();
    }

    @Override
    protected Object protocolRead(RedisInputStream stream, PushConsumerChain consumers) {
        BoundedAnswers known = answers;
        if (known == null || !known.below.equals(stream)) {
            known = new BoundedAnswers(stream);
            answers = known;
        }
        return Protocol.read(known, consumers);
    }

    /** Reads answers from the stream of a connection. */
    private final class BoundedAnswers extends RedisInputStream {
        private final RedisInputStream below;
        private boolean isArray;

        BoundedAnswers(RedisInputStream below) {
            super(below);
            this.below = below;
        }

        @Override
        public byte readByte() {
            byte read = super.readByte();
            isArray = read == Protocol.ASTERISK_BYTE;
            return read;
        }

        /** Reads the length of a value or of an array, the only integers that Jedis reads so; the byte before it is its type. */
        @Override
        public int readIntCrLf() {
            boolean isOfArray = isArray;
            long length = readLongCrLf();
            if (length < -1 || length > (isOfArray ? Math.min(most / ELEMENT, Integer.MAX_VALUE) : most)) {
                throw new JedisException("Redis announces an answer of " + length
                        + (isOfArray ? " elements" : " bytes") + "; at most a quarter of the heap (" + most
                        + " bytes) is read");
            }
            return Math.toIntExact(length);
        }
    }
}
