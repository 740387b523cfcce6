package io.lynx.transport.engine.connection;

import io.lynx.plugin.LongLived;
import io.lynx.plugin.RequestInFlight;
import io.lynx.transport.HeadDefect;
import io.lynx.transport.engine.framing.RequestHead;
import io.netty.channel.EventLoop;
import io.vertx.core.http.HttpServerRequest;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The place of a stream in the counts of its listener. It counts while its answer or its work goes on: both are bits of
 * {@link #open}, and whichever ends last ends the count. A third bit moves it from the requests in flight to the long-lived
 * streams, a fourth says that it was counted as cut off, and a fifth that its work has started. Thread-safe.
 */
public abstract class CountedStream extends RequestHead {
    private static final int ANSWER = 1;
    private static final int WORK = 2;
    private static final int LONG_LIVED = 4;
    private static final int CUT_OFF = 8;
    private static final int STARTED = 16;
    private static final VarHandle OPEN;

    static {
        try {
            OPEN = MethodHandles.lookup().findVarHandle(CountedStream.class, "open", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final ListenerState state;

    @SuppressWarnings("UnusedVariable") // By OPEN.
    private volatile int open = ANSWER | WORK;

    CountedStream(ListenerState state, HttpServerRequest source, @Nullable HeadDefect defect) {
        super(source, defect);
        this.state = state;
    }

    /** The stream begins as a request in flight. */
    final void beginCount() {
        state.inFlight().begin();
    }

    /** Counts it as long-lived from now on; returns false if there is no place, or nothing of it is open any more. */
    final boolean moveToLongLived() {
        LongLived places = state.inFlight().longLived();
        if (!places.begin(state.maxLongLived())) {
            return false;
        }
        int before = (int) OPEN.getAndBitwiseOr(this, LONG_LIVED);
        if ((before & LONG_LIVED) != 0) {
            places.end();
            throw new IllegalStateException("stream: it is long-lived already");
        }
        if ((before & (ANSWER | WORK)) == 0) {
            places.end();
            return false;
        }
        state.inFlight().end();
        return true;
    }

    final boolean isLongLived() {
        return ((int) OPEN.getVolatile(this) & LONG_LIVED) != 0;
    }

    /** Counts it as cut off, once and only if its answer has not ended. Any thread. */
    public final void recordCutOff() {
        int before = (int) OPEN.getAndBitwiseOr(this, CUT_OFF);
        if ((before & (ANSWER | LONG_LIVED | CUT_OFF)) == ANSWER) {
            state.inFlight().recordFailure();
        }
    }

    /** Its work starts; returns whether it had not. */
    final boolean beginWork() {
        return ((int) OPEN.getAndBitwiseOr(this, STARTED) & STARTED) == 0;
    }

    /** Its answer has ended. */
    final void answerDone() {
        close(ANSWER);
    }

    /** Nothing runs for it any more. */
    public final void workDone() {
        close(WORK);
    }

    private void close(int side) {
        int before = (int) OPEN.getAndBitwiseAnd(this, ~side);
        if ((before & side) == 0) {
            return;
        }
        if ((before & (ANSWER | WORK)) != side) {
            if (side == ANSWER) {
                state.unfinished().add(this);
                if (((int) OPEN.getVolatile(this) & WORK) == 0) {
                    state.unfinished().remove(this);
                } else if (state.phase() == ListenerState.Phase.CLOSED) {
                    interrupt();
                }
            }
            return;
        }
        if (side == WORK) {
            state.unfinished().remove(this);
        }
        if ((before & LONG_LIVED) == 0) {
            state.inFlight().end();
        } else {
            state.inFlight().longLived().end();
        }
    }

    /** Enforces the time limits of its work, which outlives its answer, if it belongs to {@code loop}. */
    abstract void checkUnfinished(EventLoop loop, long now);

    /** Interrupts what runs for it. */
    public abstract void interrupt();

    /** When its head had been read. */
    public abstract long startedAt();

    /** Describes it for reports. */
    abstract RequestInFlight describe(long now);
}
