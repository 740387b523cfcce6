package io.lynx.redis;

import io.lynx.metrics.Histogram;
import io.lynx.metrics.MetricRegistry;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.commands.ProtocolCommand;
import redis.clients.jedis.util.SafeEncoder;

/** The metrics of commands by their names. Thread-safe. */
final class CommandSeries {
    private static final int MOST_NAMES = 300;
    private static final String OTHER = "other";

    private final MetricRegistry registry;
    private final String redis;
    private final ConcurrentHashMap<ProtocolCommand, Series> byCommand = new ConcurrentHashMap<>();

    /**
     * The metrics of one command.
     *
     * @param name in lower case, such as {@code get}
     */
    record Series(String name, Histogram duration) {}

    CommandSeries(MetricRegistry registry, String redis) {
        this.registry = registry;
        this.redis = redis;
    }

    Series of(CommandArguments arguments) {
        Series known = byCommand.get(arguments.getCommand());
        return known == null ? add(arguments) : known;
    }

    private Series add(CommandArguments arguments) {
        if (byCommand.size() >= MOST_NAMES) {
            return series(OTHER);
        }
        return byCommand.computeIfAbsent(arguments.getCommand(), _ -> series(name(arguments)));
    }

    private Series series(String name) {
        return new Series(name, registry.histogram(RedisMetrics.COMMANDS, redis, name));
    }

    /** Counts a failed command. */
    void failed(Throwable failure) {
        registry.counter(RedisMetrics.ERRORS, redis, RedisFailures.label(failure))
                .increment();
    }

    /** Returns the name of a command, such as {@code get}. */
    static String name(CommandArguments arguments) {
        return SafeEncoder.encode(arguments.getCommand().getRaw()).toLowerCase(Locale.ROOT);
    }
}
