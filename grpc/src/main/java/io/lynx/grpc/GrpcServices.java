package io.lynx.grpc;

import io.grpc.BindableService;
import io.lynx.grpc.engine.ServiceList;
import io.lynx.plugin.PluginContext;
import java.util.List;

/**
 * The services of a server, to which plugins add theirs in their start. Thread-safe.
 *
 * <p>A plugin owns the services that it adds. Before it stops, its calls are finished, with half of the time that the stop may take;
 * streaming calls are notified and ended halfway. Until the plugin adds the services again, calls are answered with {@code
 * UNAVAILABLE}. So no call reaches an instance that has been stopped.
 */
public final class GrpcServices {
    private final ServiceList list;

    GrpcServices(ServiceList list) {
        this.list = list;
    }

    /**
     * Adds services until {@code owner} stops.
     *
     * @param services classes that extend a generated base class, or anything else that returns a {@code ServerServiceDefinition}
     * @throws IllegalArgumentException if the name of one is taken; nothing has changed then
     * @throws IllegalStateException if the owner has stopped
     */
    public void add(PluginContext owner, BindableService... services) {
        add(owner, ServiceOptions.defaults(), services);
    }

    /**
     * Adds services with options until {@code owner} stops.
     *
     * @throws IllegalArgumentException if the name of one is taken; nothing has changed then
     * @throws IllegalStateException if the owner has stopped
     */
    public void add(PluginContext owner, ServiceOptions options, BindableService... services) {
        list.add(owner, options, List.of(services));
    }
}
