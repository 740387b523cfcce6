package io.lynx.grpc.engine;

import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.lynx.grpc.ServiceOptions;
import org.jspecify.annotations.Nullable;

/**
 * One method that is served, inside its interceptors. Immutable.
 *
 * @param name the full name, such as {@code orders.v1.OrderService/Place}
 * @param definition its types and its handler
 * @param options what its service does differently
 * @param owner the id of the plugin that has added it; empty for the server's own
 * @param accepted the calls that were accepted for that plugin; null for the server's own
 * @param isProbe whether the limits of calls in flight do not apply, since the answer tells whether the service works
 */
record ServedMethod(
        String name,
        ServerMethodDefinition<?, ?> definition,
        ServiceOptions options,
        String owner,
        @Nullable AcceptedCalls accepted,
        boolean isProbe) {
    /** Whether a call lasts for as long as its two sides want: any that is not unary. */
    boolean isLasting() {
        return definition.getMethodDescriptor().getType() != MethodDescriptor.MethodType.UNARY;
    }
}
