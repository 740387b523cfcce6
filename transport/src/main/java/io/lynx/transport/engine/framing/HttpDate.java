package io.lynx.transport.engine.framing;

import io.netty.util.AsciiString;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The value of the {@code Date} header (RFC 9110, 6.6.1), computed once a second. Thread-safe. */
public final class HttpDate {
    private final InstantSource clock;
    private volatile Text known = new Text(Long.MIN_VALUE, AsciiString.EMPTY_STRING);

    private record Text(long second, AsciiString text) {}

    public HttpDate(InstantSource clock) {
        this.clock = clock;
    }

    /** Returns the value; the library writes ASCII bytes faster than a string. */
    public AsciiString now() {
        long second = Math.floorDiv(clock.millis(), 1000L);
        Text latest = known;
        if (latest.second() != second) {
            latest = new Text(
                    second,
                    new AsciiString(DateTimeFormatter.RFC_1123_DATE_TIME.format(
                            Instant.ofEpochSecond(second).atZone(ZoneOffset.UTC))));
            known = latest;
        }
        return latest.text();
    }
}
