package io.lynx.http.engine.exchange;

/**
 * A protocol that a connection has switched to, instead of an answer by HTTP. Its methods are called on the event loop and return
 * at once, unless they say otherwise.
 */
public interface SwitchedProtocol {
    /** The connection has switched; called first. */
    void begun(ProtocolSwitch connection);

    /** The next bytes from the client; the array belongs to the receiver. */
    void received(byte[] bytes);

    /** The client has finished sending. */
    void inputEnded();

    /** Enforces the protocol's time limits; called periodically. */
    void check(long now);

    /** Everything that was written has been taken by the operating system. */
    void drained();

    /** The connection is lost, or was cut off. It may be called from any thread. */
    void gone();

    /** Ends with the protocol's goodbye, unless a thread is writing now; returns whether it did. */
    boolean goodbye();

    /** The handler has returned. On the handler's thread. */
    void handled();
}
