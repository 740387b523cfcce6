package io.lynx.security.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.time.Ticker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts failed attempts by address, in periods. It counts for a bounded number of addresses: the one whose period began longest ago gives
 * way to a new one. Thread-safe.
 */
final class AttemptLimit {
    private static final int MOST_ADDRESSES = 10_000;
    private static final int NETWORK_OF_IPV6 = 8;
    private static final int LENGTH_OF_IPV6 = 16;

    private final int most;
    private final long period;
    private final Ticker ticker;

    @GuardedBy("this")
    private final LinkedHashMap<String, Failures> byAddress = new LinkedHashMap<>();

    private record Failures(int count, long since) {}

    AttemptLimit(int most, Duration period, Ticker ticker) {
        this.most = most;
        this.period = period.toNanos();
        this.ticker = ticker;
    }

    /** Returns what is counted together: an address, or a network of IPv6, since one client has all addresses of it. */
    static String key(InetSocketAddress client) {
        InetAddress address = address(client);
        if (address == null) {
            return client.getHostString();
        }
        byte[] bytes = address.getAddress();
        return HexFormat.of().formatHex(bytes.length == LENGTH_OF_IPV6 ? Arrays.copyOf(bytes, NETWORK_OF_IPV6) : bytes);
    }

    /** A request tells the address of its client as a literal that is not resolved, which may have a zone; null for a name. */
    private static @Nullable InetAddress address(InetSocketAddress client) {
        if (client.getAddress() != null) {
            return client.getAddress();
        }
        String literal = client.getHostString();
        int zone = literal.indexOf('%');
        try {
            return InetAddress.ofLiteral(zone < 0 ? literal : literal.substring(0, zone));
        } catch (IllegalArgumentException aName) {
            return null;
        }
    }

    /**
     * Passes while the address has attempts left.
     *
     * @throws TooManyAttemptsException if it has none in its period
     */
    synchronized void require(String address) throws TooManyAttemptsException {
        Failures failures = byAddress.get(address);
        if (failures == null || failures.count() < most) {
            return;
        }
        long left = period - (ticker.nanos() - failures.since());
        if (left > 0) {
            throw new TooManyAttemptsException(Math.ceilDiv(left, 1_000_000_000L));
        }
        byAddress.remove(address);
    }

    /** Counts a failed attempt. */
    synchronized void failed(String address) {
        long now = ticker.nanos();
        Failures before = byAddress.get(address);
        if (before != null && now - before.since() < period) {
            byAddress.put(address, new Failures(before.count() + 1, before.since()));
            return;
        }
        byAddress.remove(address);
        byAddress.put(address, new Failures(1, now));
        if (byAddress.size() > MOST_ADDRESSES) {
            Map.Entry<String, Failures> _ = byAddress.pollFirstEntry();
        }
    }
}
