package io.lynx.event;

/** What became of a dead letter that was to be replayed. Immutable. */
public sealed interface ReplayResult {
    /** It is in its subscriber's queue again, and no longer a dead letter. */
    record Replayed(DeadLetter letter) implements ReplayResult {}

    /** There is no letter of that number: never was, replayed already, or pushed out by later ones. */
    record NotFound(long id) implements ReplayResult {}

    /** Nobody subscribes under that name any more; the letter stays. */
    record NoSubscriber(DeadLetter letter) implements ReplayResult {}

    /** The subscriber's queue did not take it; the letter stays. */
    record Refused(DeadLetter letter, DropReason reason) implements ReplayResult {}
}
