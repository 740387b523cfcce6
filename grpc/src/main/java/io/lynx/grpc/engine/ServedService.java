package io.lynx.grpc.engine;

import io.grpc.ServiceDescriptor;
import java.util.List;

/**
 * One service that is served. Immutable.
 *
 * @param methods empty if it is absent
 * @param isAbsent whether its plugin is being restarted
 */
record ServedService(ServiceDescriptor descriptor, String owner, List<ServedMethod> methods, boolean isAbsent) {
    /** The place of a service whose plugin is being restarted. */
    ServedService absent() {
        return new ServedService(descriptor, owner, List.of(), true);
    }
}
