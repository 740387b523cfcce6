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
 * Counts wrong passwords by address, in periods. An attempt takes its place when it begins, so attempts at the same time do not exceed the
 * limit either. It counts for a bounded number of addresses: the one whose period began longest ago gives way to a new one. Thread-safe.
 */
final class AttemptLimit {
    private static final int MOST_ADDRESSES = 10_000;
    private static final int NETWORK_OF_IPV6 = 8;
    private static final int LENGTH_OF_IPV6 = 16;

    /** An address that goes on when it has no attempts left is refused altogether after this many times its attempts. */
    private static final int FLOOD = 10;

    private final int most;
    private final long period;
    private final Ticker ticker;

    @GuardedBy("this")
    private final LinkedHashMap<String, Attempts> byAddress = new LinkedHashMap<>();

    /**
     * What an address has done in its period.
     *
     * @param wrong attempts that were wrong
     * @param running attempts that have begun and not ended
     * @param refused attempts that were refused because none was left
     */
    private record Attempts(int wrong, int running, int refused, long since) {
        boolean isNothing() {
            return wrong == 0 && running == 0;
        }
    }

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
     * Passes unless the address keeps trying although it has no attempts left. It is called before a remembered password is accepted:
     * otherwise an address could try passwords without end until it hits a remembered one.
     *
     * @throws TooManyAttemptsException if the address is refused altogether until its period ends
     */
    synchronized void requireNoFlood(String address) throws TooManyAttemptsException {
        Attempts attempts = current(address);
        if (attempts.refused() >= (long) FLOOD * most) {
            throw tooMany(attempts);
        }
    }

    /**
     * Takes an attempt, which {@link #end} is to end.
     *
     * @throws TooManyAttemptsException if the address has none left in its period
     * @throws UnjudgedException if the address has none left in case that all of those that are running are wrong
     */
    synchronized void begin(String address) throws TooManyAttemptsException, UnjudgedException {
        Attempts attempts = current(address);
        if (attempts.wrong() >= most) {
            byAddress.put(
                    address,
                    new Attempts(attempts.wrong(), attempts.running(), attempts.refused() + 1, attempts.since()));
            throw tooMany(attempts);
        }
        if (attempts.wrong() + attempts.running() >= most) {
            throw new UnjudgedException("too many passwords of this address are being checked", 1);
        }
        byAddress.put(
                address, new Attempts(attempts.wrong(), attempts.running() + 1, attempts.refused(), attempts.since()));
        if (byAddress.size() > MOST_ADDRESSES) {
            Map.Entry<String, Attempts> _ = byAddress.pollFirstEntry();
        }
    }

    /** An attempt has ended. */
    synchronized void end(String address, boolean isWrong) {
        Attempts before = current(address);
        Attempts after = new Attempts(
                before.wrong() + (isWrong ? 1 : 0),
                Math.max(0, before.running() - 1),
                before.refused(),
                before.since());
        if (after.isNothing()) {
            byAddress.remove(address);
        } else {
            byAddress.put(address, after);
        }
    }

    private TooManyAttemptsException tooMany(Attempts attempts) {
        return new TooManyAttemptsException(Math.ceilDiv(period - (ticker.nanos() - attempts.since()), 1_000_000_000L));
    }

    /** Those of a period that is over count no longer. */
    @GuardedBy("this")
    private Attempts current(String address) {
        long now = ticker.nanos();
        Attempts known = byAddress.get(address);
        if (known == null) {
            return new Attempts(0, 0, 0, now);
        }
        if (now - known.since() < period) {
            return known;
        }
        byAddress.remove(address);
        return new Attempts(0, known.running(), 0, now);
    }
}
