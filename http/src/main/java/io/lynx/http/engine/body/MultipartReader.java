package io.lynx.http.engine.body;

import io.lynx.http.Form;
import io.lynx.http.FormLimits;
import io.lynx.http.HttpException;
import io.lynx.http.UploadedFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a {@code multipart/form-data} (RFC 7578, RFC 2046) through one buffer, whatever the size of its parts. */
final class MultipartReader {
    private static final Pattern BOUNDARY = Pattern.compile("[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]");
    private static final int MAX_HEAD = 8 * 1024;
    private static final int BUFFER = 16 * 1024;

    private final InputStream in;
    private final FormLimits limits;
    private final OpenForm files;
    private final byte[] delimiter;
    private final byte[] buffer = new byte[BUFFER];
    private final Map<String, List<String>> values = new LinkedHashMap<>();
    private final Map<String, List<UploadedFile>> uploads = new LinkedHashMap<>();
    private int at;
    private int end;
    private int fieldCount;
    private int fileCount;
    private long fieldBytes;

    /**
     * A reader.
     *
     * @throws HttpException (400) if the boundary is missing or malformed
     */
    MultipartReader(InputStream in, @Nullable String boundary, FormLimits limits, OpenForm files) {
        if (boundary == null || !BOUNDARY.matcher(boundary).matches()) {
            throw PartHead.malformed("the boundary is missing or malformed");
        }
        this.in = in;
        this.limits = limits;
        this.files = files;
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.US_ASCII);
        // The first delimiter needs no line break before it.
        buffer[0] = '\r';
        buffer[1] = '\n';
        end = 2;
    }

    /**
     * Reads the form to the end of the body.
     *
     * @throws HttpException (400, 413, 415) if it is malformed or exceeds a limit
     */
    Form read() throws IOException {
        copyUntilDelimiter(OutputStream.nullOutputStream());
        while (!isLast()) {
            part(head());
        }
        long _ = in.transferTo(OutputStream.nullOutputStream());
        return new Form(values, uploads);
    }

    private void part(PartHead head) throws IOException {
        fieldCount++;
        if (fieldCount > limits.maxFields()) {
            throw FormReader.tooLarge("more than " + limits.maxFields() + " fields");
        }
        if (head.isFile()) {
            file(head);
        } else {
            field(head);
        }
    }

    private void file(PartHead head) throws IOException {
        UploadedContent content = new UploadedContent(head, limits, files);
        files.add(content);
        copyUntilDelimiter(content);
        if (content.size() == 0 && head.fileName().isEmpty()) {
            // A browser sends this if no file was chosen.
            return;
        }
        fileCount++;
        if (fileCount > limits.maxFiles()) {
            throw FormReader.tooLarge("more than " + limits.maxFiles() + " files");
        }
        uploads.computeIfAbsent(head.name(), _ -> new ArrayList<>(1)).add(content);
    }

    private void field(PartHead head) throws IOException {
        ByteArrayOutputStream value = new ByteArrayOutputStream(64);
        copyUntilDelimiter(new OutputStream() {
            @Override
            public void write(int b) {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] source, int offset, int length) {
                fieldBytes += length;
                if (fieldBytes > limits.maxFieldBytes().bytes()) {
                    throw FormReader.tooLarge("the fields have more than "
                            + limits.maxFieldBytes().bytes() + " bytes");
                }
                value.write(source, offset, length);
            }
        });
        values.computeIfAbsent(head.name(), _ -> new ArrayList<>(1)).add(FormReader.text(value.toByteArray()));
    }

    /** Reads what is behind a delimiter; returns whether it was the last one. */
    private boolean isLast() throws IOException {
        require(2);
        if (buffer[at] == '-' && buffer[at + 1] == '-') {
            return true;
        }
        while (buffer[at] == ' ' || buffer[at] == '\t') {
            at++;
            require(2);
        }
        if (buffer[at] != '\r' || buffer[at + 1] != '\n') {
            throw PartHead.malformed("a delimiter is followed by other text");
        }
        at += 2;
        return false;
    }

    private PartHead head() throws IOException {
        List<String> lines = new ArrayList<>(3);
        int size = 0;
        for (byte[] line = line(MAX_HEAD); line.length > 0; line = line(MAX_HEAD - size)) {
            size += line.length + 2;
            lines.add(FormReader.text(line));
        }
        return PartHead.of(lines);
    }

    private byte[] line(int most) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(80);
        while (true) {
            require(2);
            byte b = buffer[at];
            if (b == '\r' && buffer[at + 1] == '\n') {
                at += 2;
                return line.toByteArray();
            }
            if (b == '\r' || b == '\n' || b == 0) {
                throw PartHead.malformed("the head of a part has a control character");
            }
            if (line.size() >= most) {
                throw FormReader.tooLarge("the head of a part has more than " + MAX_HEAD + " bytes");
            }
            line.write(b);
            at++;
        }
    }

    /** Passes on what is before the next delimiter, and skips that. */
    private void copyUntilDelimiter(OutputStream target) throws IOException {
        while (true) {
            int found = find();
            if (found >= 0) {
                target.write(buffer, at, found - at);
                at = found + delimiter.length;
                return;
            }
            int safe = end - at - (delimiter.length - 1);
            if (safe > 0) {
                target.write(buffer, at, safe);
                at += safe;
            }
            fill();
        }
    }

    /** Returns where the next delimiter begins in the buffer; -1 if there is none. */
    private int find() {
        for (int from = at; from <= end - delimiter.length; from++) {
            if (buffer[from] == '\r' && isDelimiter(from)) {
                return from;
            }
        }
        return -1;
    }

    private boolean isDelimiter(int from) {
        for (int i = 1; i < delimiter.length; i++) {
            if (buffer[from + i] != delimiter[i]) {
                return false;
            }
        }
        return true;
    }

    private void require(int count) throws IOException {
        while (end - at < count) {
            fill();
        }
    }

    private void fill() throws IOException {
        System.arraycopy(buffer, at, buffer, 0, end - at);
        end -= at;
        at = 0;
        int count = in.read(buffer, end, buffer.length - end);
        if (count < 0) {
            throw PartHead.malformed("it ends before its last delimiter");
        }
        end += count;
    }
}
