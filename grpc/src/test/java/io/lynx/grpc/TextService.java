package io.lynx.grpc;

import io.grpc.BindableService;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.ServerCalls.BidiStreamingMethod;
import io.grpc.stub.ServerCalls.ClientStreamingMethod;
import io.grpc.stub.ServerCalls.ServerStreamingMethod;
import io.grpc.stub.ServerCalls.UnaryMethod;
import io.grpc.stub.StreamObserver;
import java.util.function.UnaryOperator;

/** The four methods of {@link Texts}, each of which a test may replace. Without that they echo. */
final class TextService implements BindableService {
    private UnaryMethod<String, String> unary = (text, answer) -> {
        answer.onNext(text);
        answer.onCompleted();
    };
    private ServerStreamingMethod<String, String> server = (text, answer) -> {
        for (String word : text.split(" ", -1)) {
            answer.onNext(word);
        }
        answer.onCompleted();
    };
    private ClientStreamingMethod<String, String> client = answer -> new Collector(answer);
    private BidiStreamingMethod<String, String> bidi = answer -> new Echo(answer);

    TextService unary(UnaryMethod<String, String> method) {
        this.unary = method;
        return this;
    }

    /** Answers by a function that may block or throw. */
    TextService answering(UnaryOperator<String> function) {
        return unary((text, answer) -> {
            answer.onNext(function.apply(text));
            answer.onCompleted();
        });
    }

    TextService server(ServerStreamingMethod<String, String> method) {
        this.server = method;
        return this;
    }

    TextService client(ClientStreamingMethod<String, String> method) {
        this.client = method;
        return this;
    }

    TextService bidi(BidiStreamingMethod<String, String> method) {
        this.bidi = method;
        return this;
    }

    @Override
    public ServerServiceDefinition bindService() {
        return ServerServiceDefinition.builder(Texts.SERVICE)
                .addMethod(Texts.UNARY, ServerCalls.asyncUnaryCall(unary))
                .addMethod(Texts.SERVER, ServerCalls.asyncServerStreamingCall(server))
                .addMethod(Texts.CLIENT, ServerCalls.asyncClientStreamingCall(client))
                .addMethod(Texts.BIDI, ServerCalls.asyncBidiStreamingCall(bidi))
                .addMethod(Texts.STUCK, (_, _) -> new ServerCall.Listener<>() {})
                .build();
    }

    /** Joins what it receives. */
    private record Collector(StreamObserver<String> answer, StringBuilder text) implements StreamObserver<String> {
        Collector(StreamObserver<String> answer) {
            this(answer, new StringBuilder());
        }

        @Override
        public void onNext(String part) {
            text.append(part);
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {
            answer.onNext(text.toString());
            answer.onCompleted();
        }
    }

    /** Sends what it receives. */
    record Echo(StreamObserver<String> answer) implements StreamObserver<String> {
        @Override
        public void onNext(String part) {
            answer.onNext(part);
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {
            answer.onCompleted();
        }
    }
}
