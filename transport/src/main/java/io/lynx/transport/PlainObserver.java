package io.lynx.transport;

import java.nio.charset.StandardCharsets;

/** Answers in plain text what never becomes a stream, and records nothing. Stateless and thread-safe. */
final class PlainObserver implements ListenerObserver {
    static final String TEXT = "text/plain; charset=utf-8";

    @Override
    public void connectionRefused() {}

    @Override
    public void proxyHeaderRefused() {}

    @Override
    public Refusal headTimedOut(long nanos) {
        return refusal("the head of the request arrived too slowly");
    }

    @Override
    public Refusal malformed(int status, String detail) {
        return refusal(detail);
    }

    private static Refusal refusal(String detail) {
        return new Refusal(TEXT, (detail + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void handshakeTimedOut() {}
}
