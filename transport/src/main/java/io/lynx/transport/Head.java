package io.lynx.transport;

import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The head of a request. Immutable and thread-safe; header names are compared without regard to case. */
public interface Head {
    /** The method as the client sent it. */
    String method();

    /** The request target (RFC 9112, 3.2); empty if the head could not be read. */
    String target();

    /** The protocol; HTTP/1.1 if the head could not be read. */
    Protocol protocol();

    /** Returns the first value of a header; null if there is none. */
    @Nullable
    String header(String name);

    /** Returns every value of a header, in the order of arrival. */
    List<String> headers(String name);

    /** Returns whether there is a header of that name. */
    boolean hasHeader(String name);

    /** Passes every header to {@code consumer}, in the order of arrival. */
    void forEachHeader(BiConsumer<String, String> consumer);

    /** The host and port that HTTP/2 names in {@code :authority}; null if absent, and with HTTP/1. */
    @Nullable
    String authority();

    /** Whether the connection uses TLS. */
    boolean isSecure();

    /**
     * Returns whether the client offers to switch this HTTP/1.1 connection to {@code protocol}, such as {@code websocket}: in
     * {@code Upgrade}, and {@code Connection} names that field (RFC 9110, 7.8).
     */
    boolean offersUpgrade(String protocol);

    /** What is wrong with the head; null if nothing is. */
    @Nullable
    HeadDefect defect();
}
