package io.lynx.leadership;

import io.lynx.extension.Registration;
import java.util.Optional;

/**
 * A candidacy for a leadership, of which at most one instance of all is the leader at a time. It begins when the plugin requests it, and
 * ends when the plugin stops; then a leader calls its action for the loss and releases the lease, so that another instance can take over
 * at once. Thread-safe.
 *
 * <p>A process that was suspended can believe in a leadership that has ended. Where that must not matter, pass the {@linkplain #token
 * token} along with each write, and let the resource refuse tokens smaller than one it has seen.
 */
public interface Leadership extends Registration {
    /** Returns the name of the leadership. */
    String name();

    /**
     * Sets what this instance does when it becomes the leader; at once if it is the leader. If the action throws or does not return in
     * time, this instance gives the leadership up and is a candidate again one lease later. If the leadership is lost while the action
     * runs, its thread is interrupted.
     *
     * @return this
     * @throws IllegalStateException if there is such an action
     */
    Leadership onGained(LeadershipAction action);

    /**
     * Sets what this instance does when it is the leader no more, after each term for which the action for the gain was called.
     *
     * @return this
     * @throws IllegalStateException if there is such an action
     */
    Leadership onLost(LeadershipAction action);

    /** Returns whether this instance is the leader, as far as it can know. */
    default boolean isLeader() {
        return token().isPresent();
    }

    /** Returns the token of the present term; empty if this instance is not the leader, as far as it can know. */
    Optional<FencingToken> token();

    /**
     * Ends the candidacy. A leader calls its action for the loss and releases the lease, on other threads. Returns at once; the plugin can
     * be a candidate of the same name again from then on, and becomes the leader when the lease has been released.
     */
    @Override
    void close();
}
