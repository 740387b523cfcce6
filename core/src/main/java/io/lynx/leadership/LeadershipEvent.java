package io.lynx.leadership;

import java.util.List;

/** Something that happened to one instance's candidacy for a leadership. Immutable. */
public sealed interface LeadershipEvent {
    /** Returns the name of the leadership. */
    String leadership();

    /**
     * This instance has become the leader.
     *
     * @param token of its term
     */
    record Gained(FencingToken token) implements LeadershipEvent {
        @Override
        public String leadership() {
            return token.leadership();
        }
    }

    /**
     * This instance is the leader no more.
     *
     * @param token of the term that has ended
     * @param cause why it ended
     * @param reason the same in words
     */
    record Ended(FencingToken token, EndOfTerm cause, String reason) implements LeadershipEvent {
        @Override
        public String leadership() {
            return token.leadership();
        }
    }

    /**
     * A call of the backend has failed.
     *
     * @param leadership its name
     * @param operation acquire, renew or release
     * @param inSequence how many calls have failed since the last success, with this one
     * @param failure why
     */
    record CallFailed(String leadership, String operation, long inSequence, Throwable failure)
            implements LeadershipEvent {}

    /**
     * A call of the backend has succeeded after failures.
     *
     * @param leadership its name
     * @param failures how many calls had failed
     */
    record Reconnected(String leadership, long failures) implements LeadershipEvent {}

    /**
     * An action has failed.
     *
     * @param token of the term
     * @param action gained or lost
     * @param failure what it threw
     */
    record ActionFailed(FencingToken token, String action, Throwable failure) implements LeadershipEvent {
        @Override
        public String leadership() {
            return token.leadership();
        }
    }

    /**
     * An action has not returned in time, and was interrupted.
     *
     * @param token of the term
     * @param action gained or lost
     * @param stack what its thread was doing
     */
    record ActionOverdue(FencingToken token, String action, List<StackTraceElement> stack) implements LeadershipEvent {
        @Override
        public String leadership() {
            return token.leadership();
        }
    }

    /** Why a term has ended. */
    enum EndOfTerm {
        /** The lease could not be renewed in time, or the backend does not have it any more. */
        LOST,
        /** The action for the gain has failed. */
        GIVEN_UP,
        /** The candidacy has ended, as when its plugin stops. */
        RELEASED
    }
}
