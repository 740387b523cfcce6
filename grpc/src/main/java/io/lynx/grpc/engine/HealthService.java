package io.lynx.grpc.engine;

import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.lynx.app.ApplicationView;
import io.lynx.extension.Registration;
import io.lynx.grpc.StreamingCall;
import io.lynx.health.HealthCheckOptions.Group;
import io.lynx.health.HealthEvent;
import io.lynx.health.HealthSnapshot;
import io.lynx.health.HealthStatus;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The health of the application (grpc.health.v1): the readiness under the empty name, plugins under their ids, and services under their
 * names. Watchers receive each change; when the application shuts down, they receive NOT_SERVING first. Thread-safe.
 */
public final class HealthService implements BindableService, AutoCloseable {
    private static final String NAME = "grpc.health.v1.Health";

    /** A status of a service, by its number in grpc.health.v1. */
    enum Serving {
        UNKNOWN(0),
        SERVING(1),
        NOT_SERVING(2),
        SERVICE_UNKNOWN(3);

        private final int number;

        Serving(int number) {
            this.number = number;
        }

        static Serving of(int number) {
            for (Serving each : values()) {
                if (each.number == number) {
                    return each;
                }
            }
            return UNKNOWN;
        }
    }

    private static final MethodDescriptor<String, Serving> CHECK = method("Check", MethodDescriptor.MethodType.UNARY);
    private static final MethodDescriptor<String, Serving> WATCH =
            method("Watch", MethodDescriptor.MethodType.SERVER_STREAMING);

    private final ApplicationView application;
    private final ServiceList services;
    private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();
    private final Registration listening;
    private volatile boolean isClosed;

    /** Follows the health of {@code application}. */
    public HealthService(ApplicationView application, ServiceList services) {
        this.application = application;
        this.services = services;
        this.listening = application.health().addListener("grpc health", this::changed);
    }

    private static MethodDescriptor<String, Serving> method(String name, MethodDescriptor.MethodType type) {
        return MethodDescriptor.<String, Serving>newBuilder()
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(NAME, name))
                .setRequestMarshaller(new RequestMarshaller())
                .setResponseMarshaller(new ResponseMarshaller())
                .build();
    }

    @Override
    public ServerServiceDefinition bindService() {
        return ServerServiceDefinition.builder(NAME)
                .addMethod(CHECK, ServerCalls.asyncUnaryCall(this::check))
                .addMethod(WATCH, ServerCalls.asyncServerStreamingCall(this::watch))
                .build();
    }

    private void check(String service, StreamObserver<Serving> answer) {
        Serving status = statusOf(service);
        if (status == Serving.SERVICE_UNKNOWN) {
            answer.onError(Status.NOT_FOUND.withDescription("unknown service").asRuntimeException());
        } else {
            answer.onNext(status);
            answer.onCompleted();
        }
    }

    private void watch(String service, StreamObserver<Serving> answer) {
        Registration watching = follow(service, answer);
        StreamingCall.onDrain(_ -> watching.close());
    }

    /** Sends the status of a service now and whenever it changes, until the returned registration or this service closes. */
    Registration follow(String service, StreamObserver<Serving> answer) {
        Watcher watcher = new Watcher(service, answer);
        if (answer instanceof ServerCallStreamObserver<Serving> call) {
            call.setOnCancelHandler(() -> watchers.remove(watcher));
            call.setOnCloseHandler(() -> watchers.remove(watcher));
        }
        watchers.add(watcher);
        watcher.update();
        if (isClosed) {
            // Its end may not have found this one.
            watcher.end();
        }
        return watcher::end;
    }

    private void changed(HealthEvent event) {
        if (!(event instanceof HealthEvent.CheckRan)) {
            watchers.forEach(Watcher::update);
        }
    }

    private Serving statusOf(String service) {
        HealthSnapshot health = application.health().snapshot();
        boolean isReady = isHealthy(health.status(Group.READINESS));
        if (service.isEmpty()) {
            return serving(isReady);
        }
        String owner = services.table().ownerOf(service);
        if (owner != null) {
            return serving(isReady && (owner.isEmpty() || isHealthy(health.statusOf(owner))));
        }
        boolean isPlugin =
                application.plugins().stream().anyMatch(plugin -> plugin.id().equals(service));
        if (!isPlugin) {
            return Serving.SERVICE_UNKNOWN;
        }
        boolean isStopping = health.phase() == HealthSnapshot.Phase.STOPPING;
        return serving(!isStopping && isHealthy(health.statusOf(service)));
    }

    private static Serving serving(boolean isServing) {
        return isServing ? Serving.SERVING : Serving.NOT_SERVING;
    }

    private static boolean isHealthy(HealthStatus status) {
        return status == HealthStatus.UP || status == HealthStatus.DEGRADED;
    }

    /** A client that receives the changes of one service. Thread-safe. */
    private final class Watcher {
        private final String service;
        private final StreamObserver<Serving> answer;
        private @Nullable Serving last;
        private boolean hasEnded;

        Watcher(String service, StreamObserver<Serving> answer) {
            this.service = service;
            this.answer = answer;
        }

        /** Sends the status if it has changed. It is read under the lock, so that no thread sends an older one after it. */
        synchronized void update() {
            if (hasEnded) {
                return;
            }
            Serving status = statusOf(service);
            if (status != last) {
                last = status;
                answer.onNext(status);
            }
        }

        synchronized void end() {
            if (!hasEnded) {
                hasEnded = true;
                answer.onError(Status.UNAVAILABLE
                        .withDescription("the server is shutting down")
                        .asRuntimeException());
            }
        }
    }

    @Override
    public void close() {
        isClosed = true;
        listening.close();
        watchers.forEach(Watcher::end);
        watchers.clear();
    }

    /** {@code HealthCheckRequest}: the name of a service in field 1. */
    private static final class RequestMarshaller implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String service) {
            return new ByteArrayInputStream(new ProtoBytes().text(1, service).done());
        }

        @Override
        public String parse(InputStream in) {
            return ProtoFields.read(in, (field, value) -> field == 1 ? value.readStringRequireUtf8() : null, "");
        }
    }

    /** {@code HealthCheckResponse}: the status in field 1. */
    private static final class ResponseMarshaller implements MethodDescriptor.Marshaller<Serving> {
        @Override
        public InputStream stream(Serving status) {
            return new ByteArrayInputStream(
                    new ProtoBytes().number(1, status.number).done());
        }

        @Override
        public Serving parse(InputStream in) {
            return ProtoFields.read(
                    in, (field, value) -> field == 1 ? Serving.of(value.readEnum()) : null, Serving.UNKNOWN);
        }
    }
}
