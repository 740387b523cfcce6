package io.lynx.http.engine.answer;

import io.lynx.context.RequestScope;
import io.lynx.json.JsonCodec;
import io.lynx.transport.Stream;
import java.io.Closeable;

/** The exchange that an answer belongs to, as far as an answer needs it that lasts for longer than its handler writes. Thread-safe. */
public interface AnsweredExchange {
    Stream stream();

    /** What writes the answer. */
    AnswerWriter answer();

    /** The context of the request. */
    RequestScope context();

    /** Reads and writes JSON. */
    JsonCodec json();

    /** The answer is written as a stream, which ends with the handler at the latest. */
    void streaming(Closeable body);

    /** The answer was completed by the shutdown: the handler is to return. */
    void endHandler();

    /** An answer that has begun cannot be completed. */
    void abort(int status);

    /** The time of its drain callback is over, and the callback has not returned. */
    void callbackHangs(StackTraceElement[] stack);
}
