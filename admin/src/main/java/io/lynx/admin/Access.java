package io.lynx.admin;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides who sees more than the health status: who has the token, and who asks from this machine itself.
 *
 * <p>Coming from a loopback address is not enough for the latter. A proxy on this machine passes on strangers' requests,
 * which its headers give away; and a page of a foreign site, open in a browser on this machine, can have its own host name
 * resolve to 127.0.0.1, which the {@code Host} header gives away. Such a page can also send a {@code POST} to localhost
 * without being able to read the answer, so a change must not come from a foreign page either. Immutable.
 */
final class Access {
    /** Why somebody may not see or change things, as metrics name it. */
    static final List<String> REASONS =
            List.of("wrong_token", "remote_address", "forwarded", "foreign_host", "foreign_page");

    private static final String SCHEME = "bearer ";

    private final byte @Nullable [] tokenDigest;
    private final Set<String> allowedHosts;

    Access(AdminConfig config) {
        this.tokenDigest = config.token().map(Access::digest).orElse(null);
        this.allowedHosts =
                config.allowedHosts().stream().map(Access::normalised).collect(Collectors.toUnmodifiableSet());
    }

    /** Whether the caller may see everything. */
    boolean maySee(Caller caller) {
        return hasToken(caller) || isLocal(caller);
    }

    /** Whether the caller may change things, provided that changes are allowed. */
    boolean mayChange(Caller caller) {
        return hasToken(caller) || (isLocal(caller) && !isForeignPage(caller));
    }

    /** Why the caller may not see everything, or else not change things: one of {@link #REASONS}. */
    String reason(Caller caller) {
        if (tokenDigest != null && caller.authorization() != null && !hasToken(caller)) {
            return "wrong_token";
        }
        if (!isLoopback(caller.peer())) {
            return "remote_address";
        }
        if (caller.isForwarded()) {
            return "forwarded";
        }
        return isLocal(caller) ? "foreign_page" : "foreign_host";
    }

    private boolean hasToken(Caller caller) {
        String authorization = caller.authorization();
        if (tokenDigest == null || authorization == null || !startsWithScheme(authorization)) {
            return false;
        }
        // Digests have one length, and are compared in a time that does not depend on where they differ.
        return MessageDigest.isEqual(
                tokenDigest, digest(authorization.substring(SCHEME.length()).strip()));
    }

    private static boolean startsWithScheme(String authorization) {
        return authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    }

    private boolean isLocal(Caller caller) {
        String host = caller.host();
        return !caller.isForwarded() && isLoopback(caller.peer()) && host != null && isNameOfThisHost(host);
    }

    private boolean isNameOfThisHost(String hostAndPort) {
        String host = normalised(withoutPort(hostAndPort));
        return host.equals("localhost") || allowedHosts.contains(host) || isLoopback(host);
    }

    private static boolean isForeignPage(Caller caller) {
        String site = caller.fetchSite();
        boolean isCrossSite = site != null && !site.equals("same-origin") && !site.equals("none");
        String origin = caller.origin();
        if (isCrossSite || origin == null) {
            return isCrossSite;
        }
        int scheme = origin.indexOf("://");
        return scheme < 0 || !origin.substring(scheme + 3).equalsIgnoreCase(caller.host());
    }

    /** Without the port and the brackets of an IPv6 literal. */
    private static String withoutPort(String hostAndPort) {
        if (hostAndPort.startsWith("[")) {
            int end = hostAndPort.indexOf(']');
            return end < 0 ? "" : hostAndPort.substring(1, end);
        }
        int colon = hostAndPort.indexOf(':');
        return colon < 0 ? hostAndPort : hostAndPort.substring(0, colon);
    }

    private static String normalised(String host) {
        String lower = host.strip().toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    private static boolean isLoopback(String literal) {
        try {
            return InetAddress.ofLiteral(literal).isLoopbackAddress();
        } catch (IllegalArgumentException aName) {
            return false;
        }
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
