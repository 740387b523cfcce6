package io.lynx.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.StreamObserver;
import io.lynx.grpc.client.GrpcChannel;
import io.lynx.grpc.greeter.GreetRequest;
import io.lynx.grpc.greeter.GreetResponse;
import io.lynx.grpc.greeter.GreeterGrpc;
import io.lynx.testkit.LynxTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A service whose classes protoc generates in the build of this module. */
class GeneratedServiceTest {
    // snippet: grpc-generated
    static final class Greeter extends GreeterGrpc.GreeterImplBase {
        @Override
        public void greet(GreetRequest request, StreamObserver<GreetResponse> answer) {
            answer.onNext(response("Hello " + request.getName()));
            answer.onCompleted();
        }

        @Override
        public void greetAll(GreetRequest request, StreamObserver<GreetResponse> answer) {
            for (String name : request.getName().split(" ", -1)) {
                answer.onNext(response("Hello " + name));
            }
            answer.onCompleted();
        }

        private static GreetResponse response(String text) {
            return GreetResponse.newBuilder().setText(text).build();
        }
    }
    // end

    private static GreetRequest request(String name) {
        return GreetRequest.newBuilder().setName(name).build();
    }

    @Test
    void unaryAndStreamingByGeneratedStubs() throws Exception {
        try (GrpcTestServer server = GrpcTestServer.of(GrpcServer.with(new Greeter()), _ -> {})) {
            GreeterGrpc.GreeterBlockingStub stub = GreeterGrpc.newBlockingStub(server.channel());

            assertThat(stub.greet(request("Ada")).getText()).isEqualTo("Hello Ada");
            List<String> all = new ArrayList<>();
            stub.greetAll(request("Ada Grace")).forEachRemaining(answer -> all.add(answer.getText()));
            assertThat(all).containsExactly("Hello Ada", "Hello Grace");
        }
    }

    @Test
    void aServiceIsTestedThroughAChannel() {
        // snippet: grpc-test
        try (LynxTest service = LynxTest.of(GrpcServer.with(new Greeter()))
                        .with("lynx.http.port", "0")
                        .start();
                GrpcChannel channel = GrpcChannel.builder("greeter")
                        .url("http://localhost:" + service.port())
                        .connectTimeout(Duration.ofSeconds(30))
                        .build()) {
            GreeterGrpc.GreeterBlockingStub greeter = GreeterGrpc.newBlockingStub(channel);

            assertThat(greeter.greet(request("Ada")).getText()).isEqualTo("Hello Ada");
        }
        // end
    }
}
