package io.lynx.transport.engine.framing;

import java.util.concurrent.TimeUnit;

/**
 * The time limits of the frames of one HTTP/2 connection: settings must be acknowledged, and header blocks must end. Belongs to the
 * event loop.
 */
public final class Http2TimeLimits {
    private static final long SETTINGS_TIMEOUT = TimeUnit.SECONDS.toNanos(10);

    private final FramingGate framing;
    private final long headerTimeout;
    private long begunAt;
    private long blockSince;
    private long block = Http2Framing.NO_BLOCK;

    public Http2TimeLimits(FramingGate framing, long headerTimeout) {
        this.framing = framing;
        this.headerTimeout = headerTimeout;
    }

    /** The connection serves HTTP/2 from now on. */
    public void begin(long now) {
        begunAt = now;
    }

    /** Returns the error code of the limit that is exceeded; {@link Http2Framing#NO_ERROR} if none is. */
    public int exceeded(long now) {
        long open = framing.openHeaderBlock();
        if (open != block) {
            block = open;
            blockSince = now;
        }
        if (framing.awaitsAcknowledgement() && now - begunAt > SETTINGS_TIMEOUT) {
            return Http2Framing.SETTINGS_TIMEOUT;
        }
        boolean isLate = open != Http2Framing.NO_BLOCK && now - blockSince > headerTimeout;
        return isLate ? Http2Framing.ENHANCE_YOUR_CALM : Http2Framing.NO_ERROR;
    }
}
