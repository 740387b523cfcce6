package io.lynx.leadership.engine;

/** Passes the answer to a call that renews a lease on to the keeper of the term. Thread-safe. */
final class Renewal implements LeaseCall.Receiver<Boolean> {
    private final TermKeeper terms;
    private final BackendAnswers answers;
    private final Term renewed;

    Renewal(TermKeeper terms, BackendAnswers answers, Term renewed) {
        this.terms = terms;
        this.answers = answers;
        this.renewed = renewed;
    }

    @Override
    public void returned(Boolean isHeld, long began, boolean isLate) {
        answers.succeeded("");
        terms.renewed(renewed, isHeld, began, isLate);
    }

    @Override
    public void failed(Throwable thrown) {
        answers.failed("renew", thrown);
        terms.renewFailed(renewed);
    }
}
