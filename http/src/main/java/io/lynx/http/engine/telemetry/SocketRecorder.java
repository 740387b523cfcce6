package io.lynx.http.engine.telemetry;

/** Records what happens to the WebSockets of one route. Thread-safe; its methods do not wait and do not throw. */
public interface SocketRecorder {
    /** Records nothing. */
    SocketRecorder NONE = new SocketRecorder() {
        @Override
        public void opened() {}

        @Override
        public void closed(int code) {}

        @Override
        public void received() {}

        @Override
        public void sent() {}
    };

    /** A socket is open, until it is {@link #closed}. */
    void opened();

    /** One end has closed a socket with that code, or its connection was lost (1006); called once for each. */
    void closed(int code);

    /** A message was received. */
    void received();

    /** A message was sent. */
    void sent();
}
