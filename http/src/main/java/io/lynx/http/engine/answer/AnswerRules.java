package io.lynx.http.engine.answer;

import io.lynx.time.Ticker;
import org.jspecify.annotations.Nullable;

/** How a server writes answers. Thread-safe. */
public final class AnswerRules {
    private final Ticker ticker;
    private final @Nullable Compression compression;

    /** The rules of a server. */
    public AnswerRules(Ticker ticker, boolean isCompressing) {
        this.ticker = ticker;
        this.compression = isCompressing ? new Compression() : null;
    }

    long now() {
        return ticker.nanos();
    }

    /** What compresses answers; null if nothing does. */
    @Nullable
    Compression compression() {
        return compression;
    }
}
