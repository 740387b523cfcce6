package io.lynx.http.engine.body;

import io.lynx.http.HttpException;
import io.lynx.http.engine.problem.UploadsFullException;
import java.util.concurrent.atomic.AtomicLong;

/** The space for temporary files that all uploads to one server share. Thread-safe. */
final class UploadStorage {
    private final long most;
    private final AtomicLong used = new AtomicLong();

    UploadStorage(long most) {
        this.most = most;
    }

    /**
     * Takes space for a request.
     *
     * @param taken what the request has already
     * @throws HttpException (413) if the request needs more than there is for all, (503) if others have the rest
     */
    void take(long bytes, long taken) {
        if (bytes > most - taken) {
            throw FormReader.tooLarge("its files have more than " + most + " bytes (max_upload_storage)");
        }
        long now;
        do {
            now = used.get();
            if (bytes > most - now) {
                throw new UploadsFullException();
            }
        } while (!used.compareAndSet(now, now + bytes));
    }

    void give(long bytes) {
        long _ = used.addAndGet(-bytes);
    }
}
