package io.lynx.http;

/** How requests are written to the access log. Immutable and thread-safe. */
public enum AccessLogFormat {
    /** Not at all. */
    OFF,
    /** As key-values, which a log in JSON writes as JSON. */
    JSON,
    /** As one text: the combined log format of web servers, followed by the request id and the duration in milliseconds. */
    COMMON
}
