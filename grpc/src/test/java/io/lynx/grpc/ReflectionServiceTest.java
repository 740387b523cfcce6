package io.lynx.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.WireFormat;
import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients such as grpcurl read of the services (grpc.reflection.v1). */
class ReflectionServiceTest {
    private static final int BY_NAME = 3;
    private static final int BY_SYMBOL = 4;
    private static final int LIST = 7;
    private static final int FILES = 4;
    private static final int SERVICES = 6;
    private static final int ERROR = 7;

    private static final MethodDescriptor<String, String> CALL =
            Texts.method("test.v1.Described", "Call", MethodType.UNARY);

    /** A service with a descriptor, as protoc generates one. */
    private static final class Described implements BindableService {
        @Override
        public ServerServiceDefinition bindService() {
            ServiceDescriptor descriptor = ServiceDescriptor.newBuilder("test.v1.Described")
                    .setSchemaDescriptor((ProtoFileDescriptorSupplier) ReflectionServiceTest::file)
                    .addMethod(CALL)
                    .build();
            return ServerServiceDefinition.builder(descriptor)
                    .addMethod(CALL, ServerCalls.asyncUnaryCall((text, answer) -> answer.onCompleted()))
                    .build();
        }
    }

    private static FileDescriptor file() {
        try {
            FileDescriptor types = FileDescriptor.buildFrom(
                    FileDescriptorProto.newBuilder()
                            .setName("types.proto")
                            .setPackage("test.v1")
                            .addMessageType(DescriptorProto.newBuilder().setName("Text"))
                            .build(),
                    new FileDescriptor[0]);
            return FileDescriptor.buildFrom(
                    FileDescriptorProto.newBuilder()
                            .setName("described.proto")
                            .setPackage("test.v1")
                            .addDependency("types.proto")
                            .addService(ServiceDescriptorProto.newBuilder()
                                    .setName("Described")
                                    .addMethod(MethodDescriptorProto.newBuilder()
                                            .setName("Call")
                                            .setInputType(".test.v1.Text")
                                            .setOutputType(".test.v1.Text")))
                            .build(),
                    new FileDescriptor[] {types});
        } catch (DescriptorValidationException e) {
            throw new IllegalStateException(e);
        }
    }

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

    private static byte[] ask(GrpcTestServer server, String version, int field, String text) throws Exception {
        MethodDescriptor<byte[], byte[]> info = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodType.BIDI_STREAMING)
                .setFullMethodName("grpc.reflection." + version + ".ServerReflection/ServerReflectionInfo")
                .setRequestMarshaller(new Bytes())
                .setResponseMarshaller(new Bytes())
                .build();
        ByteArrayOutputStream question = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(question);
        out.writeString(field, text);
        out.flush();
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        StreamObserver<byte[]> questions = ClientCalls.asyncBidiStreamingCall(
                server.channel().newCall(info, CallOptions.DEFAULT), new StreamObserver<>() {
                    @Override
                    public void onNext(byte[] message) {
                        answer.complete(message);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        answer.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {}
                });
        questions.onNext(question.toByteArray());
        byte[] received = answer.get(20, TimeUnit.SECONDS);
        questions.onCompleted();
        return received;
    }

    /** The values of a field of messages. */
    private static List<byte[]> fields(byte[] message, int field) throws IOException {
        List<byte[]> values = new ArrayList<>();
        CodedInputStream in = CodedInputStream.newInstance(message);
        int tag = in.readTag();
        while (tag != 0) {
            if (WireFormat.getTagFieldNumber(tag) == field
                    && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                values.add(in.readByteArray());
            } else {
                boolean _ = in.skipField(tag);
            }
            tag = in.readTag();
        }
        return values;
    }

    private static List<String> filesOf(byte[] answer) throws IOException {
        List<String> names = new ArrayList<>();
        for (byte[] file : fields(fields(answer, FILES).getFirst(), 1)) {
            names.add(FileDescriptorProto.parseFrom(file).getName());
        }
        return names;
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v1alpha"})
    void describesServicesOnRequest(String version) throws Exception {
        try (GrpcTestServer server =
                GrpcTestServer.of(GrpcServer.with(new Described()), _ -> {}, "lynx.grpc.reflection", "true")) {
            List<String> services = new ArrayList<>();
            for (byte[] service :
                    fields(fields(ask(server, version, LIST, ""), SERVICES).getFirst(), 1)) {
                services.add(new String(fields(service, 1).getFirst(), StandardCharsets.UTF_8));
            }
            assertThat(services)
                    .containsExactly(
                            "grpc.health.v1.Health",
                            "grpc.reflection.v1.ServerReflection",
                            "grpc.reflection.v1alpha.ServerReflection",
                            "test.v1.Described");
            assertThat(filesOf(ask(server, version, BY_SYMBOL, "test.v1.Described")))
                    .containsExactly("described.proto", "types.proto");
            assertThat(filesOf(ask(server, version, BY_SYMBOL, "test.v1.Described.Call")))
                    .contains("described.proto");
            assertThat(filesOf(ask(server, version, BY_SYMBOL, "test.v1.Text"))).containsExactly("types.proto");
            assertThat(filesOf(ask(server, version, BY_NAME, "types.proto"))).containsExactly("types.proto");
            assertThat(fields(ask(server, version, BY_NAME, "none.proto"), ERROR))
                    .hasSize(1);
        }
    }

    @Test
    void isOffByDefault() throws Exception {
        try (GrpcTestServer server = GrpcTestServer.of(new TextService())) {
            assertThat(server.failure(
                                    Texts.method(
                                            "grpc.reflection.v1.ServerReflection",
                                            "ServerReflectionInfo",
                                            MethodType.UNARY),
                                    "")
                            .getStatus()
                            .getCode())
                    .isEqualTo(Status.Code.UNIMPLEMENTED);
        }
    }
}
