package io.lynx.transport.engine;

import java.util.concurrent.TimeUnit;

/**
 * The time limits of the frames of one HTTP/2 connection: settings must be acknowledged, and header blocks must end. Belongs to the
 * event loop.
 */
final class Http2TimeLimits {
    private static final long SETTINGS_TIMEOUT = TimeUnit.SECONDS.toNanos(10);

    private final FramingGate framing;
    private final long headerTimeout;
    private long begunAt;
    private long blockSince;
    private boolean inBlock;

    Http2TimeLimits(FramingGate framing, long headerTimeout) {
        this.framing = framing;
        this.headerTimeout = headerTimeout;
    }

    /** The connection serves HTTP/2 from now on. */
    void begin(long now) {
        begunAt = now;
    }

    /** Returns the error code of the limit that is exceeded; {@link Http2Framing#NO_ERROR} if none is. */
    int exceeded(long now) {
        boolean block = framing.isInHeaderBlock();
        if (block != inBlock) {
            inBlock = block;
            blockSince = now;
        }
        if (framing.awaitsAcknowledgement() && now - begunAt > SETTINGS_TIMEOUT) {
            return Http2Framing.SETTINGS_TIMEOUT;
        }
        return block && now - blockSince > headerTimeout ? Http2Framing.ENHANCE_YOUR_CALM : Http2Framing.NO_ERROR;
    }
}
