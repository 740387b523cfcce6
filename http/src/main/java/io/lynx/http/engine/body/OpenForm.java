package io.lynx.http.engine.body;

import io.lynx.http.Form;
import io.lynx.http.HttpException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The form of one request and its uploaded files, to be closed when its handler has returned. For the handler's thread only. */
final class OpenForm {
    private final List<UploadedContent> files = new ArrayList<>(2);
    private final UploadStorage storage;
    private @Nullable Form form;
    private long stored;

    OpenForm(UploadStorage storage) {
        this.storage = storage;
    }

    void add(UploadedContent file) {
        files.add(file);
    }

    /** The form that they belong to; null while it is being read. */
    @Nullable
    Form form() {
        return form;
    }

    void complete(Form read) {
        form = read;
    }

    /**
     * Takes space for more of a temporary file.
     *
     * @throws HttpException (413, 503) if there is not enough
     */
    void store(long bytes) {
        storage.take(bytes, stored);
        stored += bytes;
    }

    void close() {
        files.forEach(UploadedContent::close);
        storage.give(stored);
        stored = 0;
    }
}
