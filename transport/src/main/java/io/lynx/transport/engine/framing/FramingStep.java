package io.lynx.transport.engine.framing;

/** What one byte meant to a part of {@link Http1Framing}. */
enum FramingStep {
    /** The part goes on. */
    MORE,
    /** The part is complete; the byte belongs to it. */
    DONE,
    /** The byte is not allowed. */
    FAILED
}
