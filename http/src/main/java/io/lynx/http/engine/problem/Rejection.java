package io.lynx.http.engine.problem;

import io.lynx.http.HttpException;

/** Why the server refuses a request by itself; for a limit, the label is the key of that limit. */
public enum Rejection {
    /** Too many requests at a time. */
    MAX_IN_FLIGHT("max_in_flight"),
    /** Too many connections; this one was closed as it was accepted. */
    MAX_CONNECTIONS("max_connections"),
    /** A connection that a trusted proxy has not opened, or not with a valid header, was closed. */
    PROXY_PROTOCOL("proxy_protocol"),
    /** The body is too large. */
    MAX_BODY_SIZE("max_body_size"),
    /** The temporary files of uploads have the space that there is for all of them. */
    MAX_UPLOAD_STORAGE("max_upload_storage"),
    /** The headers are too large. */
    MAX_HEADER_SIZE("max_header_size"),
    /** The request line is too long. */
    MAX_URI_LENGTH("max_uri_length"),
    /** It does not follow the protocol. */
    MALFORMED("malformed"),
    /** The plugin that answers there is being restarted. */
    PLUGIN_RESTARTING("plugin_restarting"),
    /** Less of its time is left than its route usually takes. */
    DEADLINE("deadline");

    private final String label;

    Rejection(String label) {
        this.label = label;
    }

    /** The label in metrics. */
    public String label() {
        return label;
    }

    /** The reason for a refusal that was made before the route's handler ran. */
    public static Rejection of(HttpException refusal) {
        return switch (refusal.status()) {
            case 413 -> MAX_BODY_SIZE;
            case 414 -> MAX_URI_LENGTH;
            case 431 -> MAX_HEADER_SIZE;
            case 503 -> MAX_IN_FLIGHT;
            default -> MALFORMED;
        };
    }
}
