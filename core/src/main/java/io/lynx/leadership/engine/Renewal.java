package io.lynx.leadership.engine;

/** Passes the answer to a call that renews a lease on to the candidate. Thread-safe. */
final class Renewal implements LeaseCall.Receiver<Boolean> {
    private final Candidate candidate;
    private final BackendAnswers answers;
    private final Term renewed;

    Renewal(Candidate candidate, BackendAnswers answers, Term renewed) {
        this.candidate = candidate;
        this.answers = answers;
        this.renewed = renewed;
    }

    @Override
    public void returned(Boolean isHeld, long began, boolean isLate) {
        answers.succeeded("");
        candidate.renewed(renewed, isHeld, began, isLate);
    }

    @Override
    public void failed(Throwable thrown) {
        answers.failed("renew", thrown);
        candidate.renewFailed(renewed);
    }
}
