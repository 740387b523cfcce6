package io.lynx.grpc.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.BindableService;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.lynx.grpc.CallInterceptors;
import io.lynx.grpc.ServiceOptions;
import io.lynx.plugin.AcceptedWork;
import io.lynx.plugin.PluginContext;
import io.lynx.time.Deadline;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The services of a server: its own and those of plugins. Each change builds a new table and puts it in the place of the old one, so a
 * look-up takes no lock. Thread-safe.
 */
public final class ServiceList {
    private final InterceptorPlan plan;
    private final CallAuthentication authentication;

    /** By name. Those of a plugin that has stopped are absent. */
    @GuardedBy("this")
    private final Map<String, ServedService> services = new LinkedHashMap<>();

    private volatile MethodTable table = new MethodTable(List.of());

    /** A list without services. */
    public ServiceList(InterceptorPlan plan, CallAuthentication authentication) {
        this.plan = plan;
        this.authentication = authentication;
    }

    /** Takes the names of services that were there in an earlier start: their plugins add them again. */
    public synchronized void addAbsent(ServiceList before) {
        for (ServedService service : before.present()) {
            if (!service.owner().isEmpty()) {
                services.putIfAbsent(service.descriptor().getName(), service.absent());
            }
        }
        rebuild();
    }

    private synchronized List<ServedService> present() {
        return List.copyOf(services.values());
    }

    /** Adds a service of the server's own. */
    public void addOwn(ServiceOptions options, BindableService service, boolean isProbe) {
        put(List.of(served(service, options, "", null, isProbe)));
    }

    /**
     * Adds services until {@code owner} stops.
     *
     * @throws IllegalArgumentException if the name of one is taken; nothing has changed then
     */
    public void add(PluginContext owner, ServiceOptions options, List<BindableService> added) {
        AcceptedCalls accepted = new AcceptedCalls();
        List<ServedService> made = new ArrayList<>();
        for (BindableService service : added) {
            made.add(served(service, options, owner.id(), accepted, false));
        }
        put(made);
        AcceptedWork _ = owner.own(new PluginCalls(made, accepted));
    }

    private ServedService served(
            BindableService service,
            ServiceOptions options,
            String owner,
            @Nullable AcceptedCalls accepted,
            boolean isProbe) {
        ServerServiceDefinition bound = service.bindService();
        ServerInterceptor identifies = plan.hasBuiltIn(CallInterceptors.AUTHENTICATION) && !isProbe
                ? authentication.of(options.access().orElse(null), plan.hasBuiltIn(CallInterceptors.AUTHORIZATION))
                : null;
        List<ServerInterceptor> around = plan.around(CallInterceptors.AUTHENTICATION, identifies);
        ServerServiceDefinition surrounded =
                around.isEmpty() ? bound : ServerInterceptors.interceptForward(bound, around);
        List<ServedMethod> methods = new ArrayList<>();
        for (ServerMethodDefinition<?, ?> method : surrounded.getMethods()) {
            methods.add(new ServedMethod(
                    method.getMethodDescriptor().getFullMethodName(), method, options, owner, accepted, isProbe));
        }
        return new ServedService(bound.getServiceDescriptor(), owner, List.copyOf(methods), false);
    }

    private synchronized void put(List<ServedService> added) {
        for (ServedService service : added) {
            String name = service.descriptor().getName();
            ServedService present = services.get(name);
            if (present != null && !present.isAbsent()) {
                String taker = present.owner().isEmpty() ? "the server itself" : "plugin '" + present.owner() + "'";
                throw new IllegalArgumentException(
                        "grpc: the service '" + name + "' is added twice; " + taker + " has added it already");
            }
        }
        added.forEach(service -> services.put(service.descriptor().getName(), service));
        rebuild();
    }

    private synchronized void withdraw(List<ServedService> removed) {
        for (ServedService service : removed) {
            boolean _ = services.replace(service.descriptor().getName(), service, service.absent());
        }
        rebuild();
    }

    @GuardedBy("this")
    private void rebuild() {
        table = new MethodTable(services.values());
    }

    /** The present table. */
    MethodTable table() {
        return table;
    }

    /** The calls of the services that a plugin has added in one start. */
    private final class PluginCalls implements AcceptedWork {
        private final List<ServedService> added;
        private final AcceptedCalls accepted;
        private final AtomicBoolean withdrawn = new AtomicBoolean();

        PluginCalls(List<ServedService> added, AcceptedCalls accepted) {
            this.added = added;
            this.accepted = accepted;
        }

        @Override
        public void finish(Deadline deadline) throws InterruptedException {
            withdraw();
            accepted.finish(deadline);
        }

        @Override
        public void close() {
            withdraw();
            accepted.refuse();
        }

        private void withdraw() {
            if (withdrawn.compareAndSet(false, true)) {
                ServiceList.this.withdraw(added);
            }
        }
    }
}
