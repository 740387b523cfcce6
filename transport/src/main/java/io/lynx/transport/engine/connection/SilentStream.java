package io.lynx.transport.engine.connection;

import io.lynx.transport.StreamEnd;
import io.lynx.transport.StreamListener;

/** Stands in for the listener of a stream until its protocol listens, and where none does. */
enum SilentStream implements StreamListener {
    INSTANCE;

    @Override
    public void ended(StreamEnd end) {}

    @Override
    public void check(long now) {}

    @Override
    public void interrupt() {}
}
