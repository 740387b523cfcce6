package io.lynx.http.engine.head;

import io.lynx.config.AddressRange;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** The proxies that are believed what they tell of their clients. Immutable. */
public final class TrustedProxies {
    private final List<AddressRange> ranges;

    public TrustedProxies(List<AddressRange> ranges) {
        this.ranges = List.copyOf(ranges);
    }

    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** Returns whether the address, which is a literal, is that of one of them. */
    boolean contains(InetSocketAddress literal) {
        if (ranges.isEmpty()) {
            return false;
        }
        String text = literal.getHostString();
        int zone = text.indexOf('%');
        InetAddress address;
        try {
            address = InetAddress.ofLiteral(zone < 0 ? text : text.substring(0, zone));
        } catch (IllegalArgumentException notAnAddress) {
            return false;
        }
        for (AddressRange range : ranges) {
            if (range.contains(address)) {
                return true;
            }
        }
        return false;
    }
}
