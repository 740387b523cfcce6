package io.lynx.transport;

/** A version of HTTP. Immutable and thread-safe. */
public enum Protocol {
    /** RFC 1945. */
    HTTP_1_0("HTTP/1.0"),
    /** RFC 9112. */
    HTTP_1_1("HTTP/1.1"),
    /** RFC 9113. */
    HTTP_2("HTTP/2");

    private final String text;

    Protocol(String text) {
        this.text = text;
    }

    /** The version as it is written, such as {@code HTTP/1.1}. */
    @Override
    public String toString() {
        return text;
    }
}
