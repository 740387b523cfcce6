package io.lynx.http;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A cookie to set (RFC 6265). Unless changed it is {@code HttpOnly}, {@code Secure} and {@code SameSite=Lax}, applies to
 * {@code /} and lasts for the session. Immutable; each method returns a changed copy.
 *
 * @param maxAge how long the client keeps it; empty for its session, zero to delete it
 */
public record Cookie(
        String name,
        String value,
        String path,
        Optional<String> domain,
        Optional<Duration> maxAge,
        boolean isSecure,
        boolean isHttpOnly,
        SameSite sameSite) {
    private static final int MOST_BYTES = 4096;
    private static final String SECURE_PREFIX = "__Secure-";
    private static final String HOST_PREFIX = "__Host-";
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern VALUE = Pattern.compile("[\\x21\\x23-\\x2b\\x2d-\\x3a\\x3c-\\x5b\\x5d-\\x7e]*");
    private static final Pattern ATTRIBUTE = Pattern.compile("[\\x20-\\x3a\\x3c-\\x7e]*");

    /** The requests from other sites to which the client adds a cookie. */
    public enum SameSite {
        /** No requests. */
        STRICT("Strict"),
        /** Requests made by following a link. */
        LAX("Lax"),
        /** All requests; the cookie must be secure. */
        NONE("None");

        private final String text;

        SameSite(String text) {
            this.text = text;
        }
    }

    /**
     * Creates a cookie with these components.
     *
     * @throws IllegalArgumentException if a part has characters that a cookie cannot carry, or clients would ignore the cookie: it is
     *     larger than 4 KiB, is for all sites but not secure, or its name has a prefix that promises what it does not keep
     */
    public Cookie {
        require("cookie name", name, NAME, "letters, digits and !#$%&'*+.^_`|~-");
        require(
                "value of cookie " + name,
                value,
                VALUE,
                "visible ASCII without quotes, commas, semicolons and backslashes");
        require("path of cookie " + name, path, ATTRIBUTE, "ASCII without semicolons");
        domain.ifPresent(text -> require("domain of cookie " + name, text, ATTRIBUTE, "ASCII without semicolons"));
        if (name.length() + value.length() > MOST_BYTES) {
            throw ignored(name, "larger than " + MOST_BYTES + " bytes");
        }
        if (!isSecure && sameSite == SameSite.NONE) {
            throw ignored(name, "SameSite=None without Secure");
        }
        if (!isSecure && (hasPrefix(name, SECURE_PREFIX) || hasPrefix(name, HOST_PREFIX))) {
            throw ignored(name, "not secure, as the prefix of its name promises");
        }
        if (hasPrefix(name, HOST_PREFIX) && (domain.isPresent() || !path.equals("/"))) {
            throw ignored(name, "not for the path / of one host, as the prefix of its name promises");
        }
    }

    private static boolean hasPrefix(String name, String prefix) {
        return name.regionMatches(true, 0, prefix, 0, prefix.length());
    }

    private static IllegalArgumentException ignored(String name, String problem) {
        return new IllegalArgumentException("cookie " + name + ": " + problem + "; clients would ignore it");
    }

    /**
     * Returns a cookie of the session.
     *
     * @throws IllegalArgumentException if a part has characters that a cookie cannot carry
     */
    public static Cookie of(String name, String value) {
        return new Cookie(name, value, "/", Optional.empty(), Optional.empty(), true, true, SameSite.LAX);
    }

    /** Returns a copy that the client keeps for {@code time}; zero deletes it. */
    public Cookie withMaxAge(Duration time) {
        return new Cookie(name, value, path, domain, Optional.of(time), isSecure, isHttpOnly, sameSite);
    }

    /** Returns a copy for paths below {@code path} only. */
    public Cookie withPath(String path) {
        return new Cookie(name, value, path, domain, maxAge, isSecure, isHttpOnly, sameSite);
    }

    /** Returns a copy for {@code domain} and its subdomains. */
    public Cookie withDomain(String domain) {
        return new Cookie(name, value, path, Optional.of(domain), maxAge, isSecure, isHttpOnly, sameSite);
    }

    /** Returns a copy that is added to these requests from other sites. */
    public Cookie withSameSite(SameSite sameSite) {
        return new Cookie(name, value, path, domain, maxAge, isSecure, isHttpOnly, sameSite);
    }

    /** Returns a copy that is sent over TLS only, or over clear text too. */
    public Cookie withSecure(boolean secure) {
        return new Cookie(name, value, path, domain, maxAge, secure, isHttpOnly, sameSite);
    }

    /** Returns a copy that scripts in the page cannot read, or can. */
    public Cookie withHttpOnly(boolean httpOnly) {
        return new Cookie(name, value, path, domain, maxAge, isSecure, httpOnly, sameSite);
    }

    /** Returns the value of its {@code Set-Cookie} header. */
    public String headerValue() {
        StringBuilder header = new StringBuilder(64).append(name).append('=').append(value);
        header.append("; Path=").append(path);
        domain.ifPresent(text -> header.append("; Domain=").append(text));
        maxAge.ifPresent(age -> header.append("; Max-Age=").append(Math.max(0, age.toSeconds())));
        if (isSecure) {
            header.append("; Secure");
        }
        if (isHttpOnly) {
            header.append("; HttpOnly");
        }
        return header.append("; SameSite=").append(sameSite.text).toString();
    }

    private static void require(String subject, String text, Pattern allowed, String said) {
        if (!allowed.matcher(text).matches()) {
            throw new IllegalArgumentException(subject + ": '" + text + "'; " + said);
        }
    }
}
