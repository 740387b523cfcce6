package io.lynx.event;

/** The result of replaying a dead letter. Immutable. */
public sealed interface ReplayResult {
    /** The event is in the queue of its subscription again, and no longer a dead letter. */
    record Replayed(DeadLetter letter) implements ReplayResult {}

    /** There is no letter of that number: there never was, it has been replayed, or later letters have pushed it out. */
    record NotFound(long id) implements ReplayResult {}

    /** There is no subscription of that name any more; the letter stays. */
    record NoSubscriber(DeadLetter letter) implements ReplayResult {}

    /** The queue of the subscription did not accept it; the letter stays. */
    record Refused(DeadLetter letter, DropReason reason) implements ReplayResult {}
}
