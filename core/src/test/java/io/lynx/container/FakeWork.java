package io.lynx.container;

import io.lynx.plugin.AcceptedWork;
import io.lynx.time.Deadline;
import java.util.List;

/** Accepted work that writes into a journal what is done to it. */
final class FakeWork implements AcceptedWork {
    private final List<String> journal;

    FakeWork(List<String> journal) {
        this.journal = journal;
    }

    @Override
    public void finish(Deadline deadline) {
        journal.add("finish work");
    }

    @Override
    public void close() {
        journal.add("close work");
    }
}
