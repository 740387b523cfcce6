package io.lynx.admin;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides which callers are trusted: those with the token, and local callers.
 *
 * <p>A loopback address alone does not make a local caller. A proxy on this machine forwards requests from elsewhere,
 * and some proxies add no header to them. A proxy runs as another operating-system user, so the connection must belong
 * to the user of this process. A page of a foreign site, open in a browser of that user, can have its own host name
 * resolve to 127.0.0.1; the {@code Host} header reveals it. Such a page can also send a {@code POST} to localhost
 * without being able to read the answer, so a change must not come from a foreign page either. Immutable.
 */
final class Access {
    private static final String SCHEME = "bearer ";

    private final byte @Nullable [] tokenDigest;
    private final Set<String> allowedHosts;
    private final BiPredicate<InetSocketAddress, InetSocketAddress> isOwnUser;

    /**
     * Creates the rule.
     *
     * @param token the token; empty if there is none
     * @param isOwnUser whether the connection between a client's address and a server's belongs to the user of this process
     */
    Access(
            Optional<String> token,
            List<String> allowedHosts,
            BiPredicate<InetSocketAddress, InetSocketAddress> isOwnUser) {
        this.tokenDigest = token.map(Access::digest).orElse(null);
        this.allowedHosts = allowedHosts.stream().map(Access::normalized).collect(Collectors.toUnmodifiableSet());
        this.isOwnUser = isOwnUser;
    }

    /** Identifies the caller. Blocks if that depends on the owner of its connection. */
    Caller identify(CallerFacts facts) {
        Caller early = identifyByHeaders(facts);
        if (early != Caller.LOCAL) {
            return early;
        }
        return isOwnUser.test(facts.peer(), facts.local()) ? Caller.LOCAL : Caller.OTHER_USER;
    }

    /**
     * Identifies the caller by its request alone. Returns {@link Caller#LOCAL} if only the owner of its connection
     * remains to be checked. Never blocks.
     */
    Caller identifyByHeaders(CallerFacts facts) {
        if (hasToken(facts)) {
            return Caller.TOKEN;
        }
        Caller local = localByHeaders(facts);
        boolean isTokenWrong = tokenDigest != null && facts.authorization() != null;
        return local != Caller.LOCAL && isTokenWrong ? Caller.WRONG_TOKEN : local;
    }

    private Caller localByHeaders(CallerFacts facts) {
        if (!isLoopback(facts.peer())) {
            return Caller.REMOTE;
        }
        if (facts.isForwarded()) {
            return Caller.FORWARDED;
        }
        if (facts.protocol().equals("HTTP/1.0") || facts.protocol().equals("HTTP/0.9")) {
            return Caller.OLD_PROTOCOL;
        }
        return isNameOfThisHost(facts.host(), facts.local().getPort()) ? Caller.LOCAL : Caller.FOREIGN_HOST;
    }

    /**
     * Returns whether a trusted caller may make changes: one with the token, or a local one that is not a foreign page.
     */
    static boolean mayChange(Caller caller, CallerFacts facts) {
        return caller == Caller.TOKEN || (caller == Caller.LOCAL && !isForeignPage(facts));
    }

    private boolean hasToken(CallerFacts facts) {
        String authorization = facts.authorization();
        if (tokenDigest == null
                || authorization == null
                || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        // Digests have one length, and are compared in a time that does not depend on where they differ.
        return MessageDigest.isEqual(
                tokenDigest, digest(authorization.substring(SCHEME.length()).strip()));
    }

    private static boolean isForeignPage(CallerFacts facts) {
        String site = facts.fetchSite();
        if (site != null && !site.equals("same-origin")) {
            return true;
        }
        String origin = facts.origin();
        if (origin == null) {
            return false;
        }
        int scheme = origin.indexOf("://");
        return scheme < 0 || !origin.substring(scheme + 3).equalsIgnoreCase(facts.host());
    }

    /** Returns whether {@code authority} is a loopback or configured name with this port; a missing port means 80 or 443. */
    private boolean isNameOfThisHost(@Nullable String authority, int port) {
        if (authority == null) {
            return false;
        }
        boolean isBracketed = authority.startsWith("[");
        int end = isBracketed ? authority.indexOf(']') + 1 : authority.indexOf(':');
        if (isBracketed && end == 0) {
            return false;
        }
        String host = end < 0 ? authority : authority.substring(0, end);
        String portPart = authority.substring(host.length());
        boolean isPortRight = portPart.isEmpty() ? port == 80 || port == 443 : portPart.equals(":" + port);
        return isPortRight && (isBracketed ? isLoopbackIpv6(host) : isNameOfThisHost(normalized(host)));
    }

    private boolean isNameOfThisHost(String host) {
        return host.equals("localhost") || allowedHosts.contains(host) || isLoopbackLiteral(host);
    }

    private static boolean isLoopbackIpv6(String bracketed) {
        String literal = bracketed.substring(1, bracketed.length() - 1);
        return literal.indexOf(':') >= 0 && isLoopbackLiteral(literal);
    }

    private static String normalized(String host) {
        String lower = host.strip().toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    private static boolean isLoopback(InetSocketAddress address) {
        InetAddress resolved = address.getAddress();
        return resolved != null && resolved.isLoopbackAddress();
    }

    private static boolean isLoopbackLiteral(String literal) {
        try {
            return InetAddress.ofLiteral(literal).isLoopbackAddress();
        } catch (IllegalArgumentException notALiteral) {
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
