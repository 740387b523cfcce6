package io.lynx.http.engine;

import io.lynx.http.Form;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The form of one request and its uploaded files, to be closed when its handler has returned. For the handler's thread only. */
final class OpenForm {
    private final List<UploadedContent> files = new ArrayList<>(2);
    private @Nullable Form form;

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

    void close() {
        files.forEach(UploadedContent::close);
    }
}
