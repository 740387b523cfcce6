package io.lynx.admin;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Who sends a request, as far as access depends on it: a trusted caller, or why the caller is not trusted. */
enum Caller {
    /** It has the token. */
    TOKEN(""),
    /** It is a process of the same user on this machine. */
    LOCAL(""),
    /** Its token is not the right one. */
    WRONG_TOKEN("wrong_token"),
    /** It connects from another machine. */
    REMOTE("remote_address"),
    /** A proxy says that it forwards the request. */
    FORWARDED("forwarded"),
    /** It uses a version of HTTP before 1.1, as a proxy without further settings does. */
    OLD_PROTOCOL("old_protocol"),
    /** The request names another host, as a page does whose name was made to resolve to this machine. */
    FOREIGN_HOST("foreign_host"),
    /** Its connection belongs to another user, or to one that cannot be determined. */
    OTHER_USER("other_user");

    /** The reason of a trusted caller that may not make a change: a page of another site sends the request. */
    static final String FOREIGN_PAGE = "foreign_page";

    private final String reason;

    Caller(String reason) {
        this.reason = reason;
    }

    /** Returns whether the caller may see everything. */
    boolean isTrusted() {
        return reason.isEmpty();
    }

    /** Returns why the caller is not trusted, as metrics name it; empty for a trusted one. */
    String reason() {
        return reason;
    }

    /** Returns every reason for which access is refused. */
    static List<String> reasons() {
        return Stream.concat(
                        Arrays.stream(values())
                                .filter(caller -> !caller.isTrusted())
                                .map(Caller::reason),
                        Stream.of(FOREIGN_PAGE))
                .toList();
    }
}
