package io.lynx.opentelemetry;

import io.opentelemetry.sdk.trace.data.SpanData;

/** A span that has ended and waits to be pushed. */
sealed interface EndedSpan permits FrameworkSpan, EndedSpan.User {
    /**
     * A span that the code of users began by OpenTelemetry's API.
     *
     * @param data what was recorded
     */
    record User(SpanData data) implements EndedSpan {}
}
