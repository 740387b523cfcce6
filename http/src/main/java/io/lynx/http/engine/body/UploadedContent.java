package io.lynx.http.engine.body;

import io.lynx.http.FormLimits;
import io.lynx.http.UploadedFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The content of an uploaded file: in memory at first, and in a temporary file once it is large. The file is deleted as soon as it is
 * open: its space is free again when it is closed, or when the process ends in whatever way.
 */
final class UploadedContent extends OutputStream implements UploadedFile {
    private final PartHead head;
    private final FormLimits limits;
    private final OpenForm form;
    private final long most;
    private byte[] memory = new byte[1024];
    private long size;
    private @Nullable FileChannel file;

    UploadedContent(PartHead head, FormLimits limits, OpenForm form) {
        this.head = head;
        this.limits = limits;
        this.form = form;
        this.most =
                limits.maxFileSize().isPresent() ? limits.maxFileSize().get().bytes() : Long.MAX_VALUE;
    }

    // While it is received.

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        if (size + length > most) {
            throw FormReader.tooLarge("the file in field '" + head.shownName() + "' has more than " + most + " bytes");
        }
        if (file == null && size + length > limits.inMemory().bytes()) {
            file = spill();
        }
        FileChannel spilled = file;
        if (spilled == null) {
            if (size + length > memory.length) {
                memory = Arrays.copyOf(memory, (int) Math.max(size + length, 2L * memory.length));
            }
            System.arraycopy(source, offset, memory, (int) size, length);
        } else {
            form.store(length);
            write(spilled, ByteBuffer.wrap(source, offset, length));
        }
        size += length;
    }

    private FileChannel spill() throws IOException {
        form.store(size);
        java.nio.file.Path path = limits.directory().isPresent()
                ? Files.createTempFile(limits.directory().get(), "lynx-upload-", ".tmp")
                : Files.createTempFile("lynx-upload-", ".tmp");
        try {
            FileChannel opened = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            file = opened;
            write(opened, ByteBuffer.wrap(memory, 0, (int) size));
            memory = Body.NOTHING;
            return opened;
        } finally {
            Files.delete(path);
        }
    }

    private static void write(FileChannel target, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            int _ = target.write(bytes);
        }
    }

    /** The temporary file is gone then. */
    @Override
    public void close() {
        FileChannel spilled = file;
        if (spilled != null) {
            try {
                spilled.close();
            } catch (IOException failed) {
                // The operating system closes it with the process.
            }
        }
    }

    // When it is complete.

    @Override
    public String fileName() {
        return head.fileName();
    }

    @Override
    public Optional<String> contentType() {
        return Optional.ofNullable(head.contentType());
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public InputStream stream() {
        FileChannel spilled = file;
        return spilled == null ? new ByteArrayInputStream(memory, 0, (int) size) : new FileStream(spilled);
    }

    @Override
    public void saveTo(java.nio.file.Path target) throws IOException {
        OutputStream out = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (out;
                InputStream content = stream()) {
            long _ = content.transferTo(out);
        } catch (IOException failed) {
            // A part of the file is of no use.
            boolean _ = Files.deleteIfExists(target);
            throw failed;
        }
    }

    /** Reads from the beginning, whatever other streams of the file have read. */
    private static final class FileStream extends InputStream {
        private final FileChannel file;
        private long at;

        FileStream(FileChannel file) {
            this.file = file;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = file.read(ByteBuffer.wrap(target, offset, length), at);
            at += Math.max(0, count);
            return count;
        }
    }
}
