package io.lynx.http.client.engine.balance;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.context.RequestContext;
import io.lynx.http.client.engine.call.Answer;
import org.jspecify.annotations.Nullable;

/** The attempts of one call. The stream of the last answer is closed when another attempt is made. Thread-safe. */
public final class CallAttempts {
    private final RequestContext context;
    private final UsedServers used = new UsedServers();

    @GuardedBy("this")
    private @Nullable Answer answer;

    @GuardedBy("this")
    private int count;

    /** No attempt yet; {@code context} is that of the call. */
    public CallAttempts(RequestContext context) {
        this.context = context;
    }

    public RequestContext context() {
        return context;
    }

    /** Returns the servers that they have used. */
    UsedServers used() {
        return used;
    }

    /** Another one begins; returns how many there were before. */
    public synchronized int begin() {
        discard();
        return count++;
    }

    public synchronized Answer keep(Answer next) {
        answer = next;
        return next;
    }

    /** Ends the last answer, which nothing reads. */
    public synchronized void discard() {
        if (answer != null) {
            answer.discard();
        }
    }
}
