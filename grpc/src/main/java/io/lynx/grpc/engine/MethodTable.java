package io.lynx.grpc.engine;

import io.grpc.ServiceDescriptor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The methods of a server by the paths of their requests. Immutable, once it was built. */
final class MethodTable {
    private final Map<String, ServedMethod> methods = new HashMap<>();
    private final Map<String, ServiceDescriptor> services = new HashMap<>();
    private final Map<String, String> owners = new HashMap<>();

    /** The services of plugins that are being restarted. */
    private final Set<String> absent = new HashSet<>();

    /** A table of these services. A service that is absent yields to one of the same name that is not. */
    MethodTable(Collection<ServedService> all) {
        for (ServedService service : all) {
            String name = service.descriptor().getName();
            if (service.isAbsent()) {
                absent.add(name);
                continue;
            }
            services.put(name, service.descriptor());
            owners.put(name, service.owner());
            service.methods().forEach(method -> methods.put("/" + method.name(), method));
        }
        absent.removeAll(services.keySet());
    }

    /** The method of a path, such as {@code /orders.v1.OrderService/Place}; null if there is none. */
    @Nullable
    ServedMethod find(String path) {
        return methods.get(path);
    }

    /**
     * Whether a restart of the plugin is why a path had no method in this table or in an earlier one: its service is absent, or has it
     * again.
     */
    boolean hasRestarted(String path) {
        return methods.containsKey(path) || (!absent.isEmpty() && absent.contains(serviceOf(path)));
    }

    /** Whether there is a service of that path. */
    boolean hasService(String path) {
        return services.containsKey(serviceOf(path));
    }

    private static String serviceOf(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 1 ? "" : path.substring(1, slash);
    }

    /** The plugin that owns a service; null if there is no such service, empty for the server's own. */
    @Nullable
    String ownerOf(String service) {
        return owners.get(service);
    }

    /** The services, for their descriptors. */
    List<ServiceDescriptor> services() {
        return new ArrayList<>(services.values());
    }
}
