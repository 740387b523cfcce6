package io.lynx.grpc.engine;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lets clients read the descriptors of the services (grpc.reflection.v1, and v1alpha for older clients). Thread-safe. */
public final class ReflectionService implements BindableService {
    // The fields of ServerReflectionRequest.
    private static final int FILE_BY_FILENAME = 3;
    private static final int FILE_CONTAINING_SYMBOL = 4;
    private static final int FILE_CONTAINING_EXTENSION = 5;
    private static final int EXTENSION_NUMBERS = 6;
    private static final int LIST_SERVICES = 7;

    private final String name;
    private final ServiceList services;
    private final MethodDescriptor<byte[], byte[]> info;
    private volatile @Nullable DescriptorIndex index;

    private ReflectionService(String name, ServiceList services) {
        this.name = name;
        this.services = services;
        this.info = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(name, "ServerReflectionInfo"))
                .setRequestMarshaller(new Bytes())
                .setResponseMarshaller(new Bytes())
                .build();
    }

    /** Returns the service of version 1. */
    public static ReflectionService v1(ServiceList services) {
        return new ReflectionService("grpc.reflection.v1.ServerReflection", services);
    }

    /** Returns the same under the name that it had before version 1. */
    public static ReflectionService v1alpha(ServiceList services) {
        return new ReflectionService("grpc.reflection.v1alpha.ServerReflection", services);
    }

    @Override
    public ServerServiceDefinition bindService() {
        return ServerServiceDefinition.builder(name)
                .addMethod(info, ServerCalls.asyncBidiStreamingCall(this::open))
                .build();
    }

    private StreamObserver<byte[]> open(StreamObserver<byte[]> answers) {
        return new Session(answers);
    }

    private DescriptorIndex index() {
        MethodTable table = services.table();
        DescriptorIndex known = index;
        if (known == null || !known.table().equals(table)) {
            known = DescriptorIndex.of(table);
            index = known;
        }
        return known;
    }

    /** The questions of one client. A file that it has received is not sent again. */
    private final class Session implements StreamObserver<byte[]> {
        private final StreamObserver<byte[]> answers;
        private final Set<String> sent = new HashSet<>();

        Session(StreamObserver<byte[]> answers) {
            this.answers = answers;
        }

        @Override
        public void onNext(byte[] request) {
            ProtoBytes answer = ProtoFields.read(
                    new ByteArrayInputStream(request),
                    this::answer,
                    error(Status.Code.INVALID_ARGUMENT, "no question"));
            answers.onNext(answer.bytes(2, request).done());
        }

        private @Nullable ProtoBytes answer(int field, CodedInputStream value) throws IOException {
            return switch (field) {
                case FILE_BY_FILENAME -> files(index().file(value.readStringRequireUtf8()));
                case FILE_CONTAINING_SYMBOL -> files(index().fileOf(value.readStringRequireUtf8()));
                case FILE_CONTAINING_EXTENSION -> extension(value.readByteArray());
                case EXTENSION_NUMBERS -> numbers(value.readStringRequireUtf8());
                case LIST_SERVICES -> {
                    String _ = value.readStringRequireUtf8();
                    yield list();
                }
                default -> null;
            };
        }

        private ProtoBytes files(@Nullable FileDescriptor file) {
            if (file == null) {
                return error(Status.Code.NOT_FOUND, "not found");
            }
            ProtoBytes all = new ProtoBytes();
            boolean isFirst = true;
            for (FileDescriptor each : DescriptorIndex.withDependencies(file)) {
                // The file of the question is always sent.
                if (sent.add(each.getName()) || isFirst) {
                    all.bytes(1, each.toProto().toByteArray());
                }
                isFirst = false;
            }
            return new ProtoBytes().message(4, all);
        }

        private ProtoBytes extension(byte[] request) {
            String type = ProtoFields.read(
                    new ByteArrayInputStream(request),
                    (field, value) -> field == 1 ? value.readStringRequireUtf8() : null,
                    "");
            int number = ProtoFields.read(
                    new ByteArrayInputStream(request), (field, value) -> field == 2 ? value.readInt32() : null, 0);
            return files(index().fileOfExtension(type, number));
        }

        private ProtoBytes numbers(String type) {
            Collection<Integer> numbers = index().extensionsOf(type);
            if (numbers == null) {
                return error(Status.Code.NOT_FOUND, "not found");
            }
            ProtoBytes all = new ProtoBytes().text(1, type);
            numbers.forEach(number -> all.number(2, number));
            return new ProtoBytes().message(5, all);
        }

        private ProtoBytes list() {
            ProtoBytes all = new ProtoBytes();
            services.table().services().stream()
                    .map(service -> service.getName())
                    .sorted()
                    .forEach(service -> all.message(1, new ProtoBytes().text(1, service)));
            return new ProtoBytes().message(6, all);
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {
            answers.onCompleted();
        }
    }

    private static ProtoBytes error(Status.Code code, String message) {
        return new ProtoBytes()
                .message(7, new ProtoBytes().number(1, code.value()).text(2, message));
    }

    /** Messages as they are. */
    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] message) {
            return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream in) {
            try {
                return in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
