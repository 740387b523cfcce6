package io.lynx.leadership.engine;

import io.lynx.leadership.Lease;
import io.lynx.leadership.LeaseAnswer;

/** Passes the answer to a call that acquires a lease on to the candidate. Thread-safe. */
final class Acquisition implements LeaseCall.Receiver<LeaseAnswer> {
    private final Candidate candidate;
    private final BackendAnswers answers;

    Acquisition(Candidate candidate, BackendAnswers answers) {
        this.candidate = candidate;
        this.answers = answers;
    }

    @Override
    public void returned(LeaseAnswer answer, long began, boolean isLate) {
        switch (answer) {
            case LeaseAnswer.Granted(Lease granted) -> {
                answers.succeeded("");
                candidate.granted(granted, began, isLate);
            }
            case LeaseAnswer.Occupied occupied -> {
                answers.succeeded(occupied.holder());
                if (!isLate) {
                    candidate.occupied(occupied.remaining());
                }
            }
        }
    }

    @Override
    public void failed(Throwable thrown) {
        answers.failed("acquire", thrown);
        candidate.acquireFailed();
    }
}
