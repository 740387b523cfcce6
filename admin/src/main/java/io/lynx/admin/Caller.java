package io.lynx.admin;

import java.util.ArrayList;
import java.util.List;

/** The kind of caller that sends a request: trusted, or the reason why it is not. */
enum Caller {
    /** It has the token. */
    TOKEN(""),
    /** It is a process of the same user on this machine. */
    LOCAL(""),
    /** Its token is wrong. */
    WRONG_TOKEN("wrong_token"),
    /** It connects from another machine. */
    REMOTE("remote_address"),
    /** A proxy says that it forwards the request. */
    FORWARDED("forwarded"),
    /** It uses a version of HTTP before 1.1, as some proxies do by default. */
    OLD_PROTOCOL("old_protocol"),
    /** The request names another host, as a page of a foreign site does whose host name resolves to this machine. */
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

    /** Returns the reason why the caller is not trusted, as a label of metrics; empty if it is trusted. */
    String reason() {
        return reason;
    }

    /** Returns every reason for which access is refused. */
    static List<String> reasons() {
        List<String> reasons = new ArrayList<>();
        for (Caller caller : values()) {
            if (!caller.isTrusted()) {
                reasons.add(caller.reason);
            }
        }
        reasons.add(FOREIGN_PAGE);
        return reasons;
    }
}
