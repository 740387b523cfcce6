package io.lynx.leadership.engine;

import io.lynx.leadership.Lease;
import io.lynx.leadership.LeaseAnswer;

/** Passes the answer to a call that acquires a lease on to the keeper of the term. Thread-safe. */
final class Acquisition implements LeaseCall.Receiver<LeaseAnswer> {
    private final TermKeeper terms;
    private final BackendAnswers answers;

    Acquisition(TermKeeper terms, BackendAnswers answers) {
        this.terms = terms;
        this.answers = answers;
    }

    @Override
    public void returned(LeaseAnswer answer, long began, boolean isLate) {
        switch (answer) {
            case LeaseAnswer.Granted(Lease granted) -> {
                answers.succeeded("");
                terms.granted(granted, began, isLate);
            }
            case LeaseAnswer.Occupied occupied -> {
                answers.succeeded(occupied.holder());
                if (!isLate) {
                    terms.occupied(occupied.remaining());
                }
            }
        }
    }

    @Override
    public void failed(Throwable thrown) {
        answers.failed("acquire", thrown);
        terms.acquireFailed();
    }
}
