package io.lynx.grpc.client.engine;

import io.grpc.Attributes;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import io.lynx.extension.UserCode;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Asks the credentials of a call for their metadata, once for each call. Stateless. */
final class CallerCredentials {
    private CallerCredentials() {}

    /**
     * Begins to ask.
     *
     * @param then receives the metadata, on any thread
     * @param refused receives a status if there is none
     */
    static void apply(
            CallCredentials credentials,
            Call call,
            Executor executor,
            Consumer<Metadata> then,
            Consumer<Status> refused) {
        Answer answer = new Answer(then, refused);
        boolean _ = UserCode.run(
                () -> credentials.applyRequestMetadata(call, executor, answer),
                failure -> answer.fail(Status.UNAUTHENTICATED
                        .withDescription("the credentials of the call have failed")
                        .withCause(failure)));
    }

    /** What credentials may know of a call. */
    static final class Call extends CallCredentials.RequestInfo {
        private final MethodDescriptor<?, ?> method;
        private final CallOptions options;
        private final String authority;
        private final boolean isEncrypted;

        Call(MethodDescriptor<?, ?> method, CallOptions options, String authority, boolean isEncrypted) {
            this.method = method;
            this.options = options;
            this.authority = authority;
            this.isEncrypted = isEncrypted;
        }

        @Override
        public MethodDescriptor<?, ?> getMethodDescriptor() {
            return method;
        }

        @Override
        public CallOptions getCallOptions() {
            return options;
        }

        @Override
        public SecurityLevel getSecurityLevel() {
            return isEncrypted ? SecurityLevel.PRIVACY_AND_INTEGRITY : SecurityLevel.NONE;
        }

        @Override
        public String getAuthority() {
            return authority;
        }

        @Override
        public Attributes getTransportAttrs() {
            return Attributes.EMPTY;
        }
    }

    /** Only the first answer counts. */
    private static final class Answer extends CallCredentials.MetadataApplier {
        private final Consumer<Metadata> then;
        private final Consumer<Status> refused;
        private final AtomicBoolean isGiven = new AtomicBoolean();

        Answer(Consumer<Metadata> then, Consumer<Status> refused) {
            this.then = then;
            this.refused = refused;
        }

        @Override
        public void apply(Metadata headers) {
            if (isGiven.compareAndSet(false, true)) {
                then.accept(headers);
            }
        }

        @Override
        public void fail(Status status) {
            if (isGiven.compareAndSet(false, true)) {
                refused.accept(status.isOk() ? Status.INTERNAL.withDescription("the credentials have failed") : status);
            }
        }
    }
}
