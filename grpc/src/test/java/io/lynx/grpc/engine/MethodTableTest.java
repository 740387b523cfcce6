package io.lynx.grpc.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServiceDescriptor;
import io.lynx.grpc.ServiceOptions;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class MethodTableTest {
    private static final MethodDescriptor<String, String> METHOD = MethodDescriptor.<String, String>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("orders.v1.Orders/Place")
            .setRequestMarshaller(new Empty())
            .setResponseMarshaller(new Empty())
            .build();
    private static final ServedService ORDERS = new ServedService(
            ServiceDescriptor.newBuilder("orders.v1.Orders").addMethod(METHOD).build(),
            "orders",
            List.of(new ServedMethod(
                    METHOD.getFullMethodName(),
                    ServerMethodDefinition.create(METHOD, (_, _) -> new ServerCall.Listener<>() {}),
                    ServiceOptions.defaults(),
                    "orders",
                    null,
                    false)),
            false);

    private static final class Empty implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(new byte[0]);
        }

        @Override
        public String parse(InputStream in) {
            return "";
        }
    }

    @Test
    void aServiceThatIsAbsentIsRestarted() {
        MethodTable table = new MethodTable(List.of(ORDERS.absent()));

        assertThat(table.find("/orders.v1.Orders/Place")).isNull();
        assertThat(table.hasRestarted("/orders.v1.Orders/Place")).isTrue();
        assertThat(table.hasRestarted("/users.v1.Users/Add")).isFalse();
    }

    /** The path was looked up in the table before this one, in which the service was absent. */
    @Test
    void aServiceThatHasComeBackSinceTheLookUpWasRestarted() {
        MethodTable table = new MethodTable(List.of(ORDERS));

        assertThat(table.hasRestarted("/orders.v1.Orders/Place")).isTrue();
        assertThat(table.hasRestarted("/orders.v1.Orders/Cancel")).isFalse();
    }
}
