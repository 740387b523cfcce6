package io.lynx.systemtest.grpc;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import io.grpc.testing.integration.EmptyProtos;
import io.grpc.testing.integration.Messages;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** The scripts beside the tests, for Debian's Python with the package python3-grpcio. Stateless. */
final class PythonScripts {
    /** Debian's, which has the package; another one that comes first in the path does not. */
    static final String PYTHON = "/usr/bin/python3";

    private PythonScripts() {}

    /** Writes a script to {@code directory}. */
    static String write(String name, Path directory) throws IOException {
        Path script = directory.resolve(name);
        try (InputStream in = Objects.requireNonNull(PythonScripts.class.getResourceAsStream(name), name)) {
            Files.write(script, in.readAllBytes());
        }
        return script.toString();
    }

    /** Writes the descriptors of gRPC's test service to {@code directory}, from which the scripts make its messages. */
    static Path descriptors(Path directory) throws IOException {
        return Files.write(
                directory.resolve("descriptors"),
                FileDescriptorSet.newBuilder()
                        .addFile(EmptyProtos.getDescriptor().toProto())
                        .addFile(Messages.getDescriptor().toProto())
                        .build()
                        .toByteArray());
    }
}
