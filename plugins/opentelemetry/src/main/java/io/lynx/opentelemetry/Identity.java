package io.lynx.opentelemetry;

import io.lynx.app.ApplicationView;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.resources.Resource;
import java.util.Map;
import java.util.Optional;

/** Describes the measured service by OpenTelemetry's resource attributes. */
final class Identity {
    /** Distinguishes the instances of a service: unique to the process, unless the configuration sets it. */
    static final String INSTANCE = "service.instance.id";

    private static final String NAME = "service.name";

    private Identity() {}

    /**
     * Returns the application's name, version, host and instance, overridden and extended by the standard variables and then by
     * {@code configured}.
     */
    static Resource resource(
            Optional<ApplicationView> application,
            String instance,
            Map<String, String> configured,
            StandardConfig variables,
            VariableReader reader) {
        AttributesBuilder attributes = Attributes.builder().put(INSTANCE, instance);
        application.ifPresent(view -> attributes
                .put(NAME, view.identity().name())
                .put("service.version", view.identity().version())
                .put("host.name", view.host()));
        reader.read("OTEL_RESOURCE_ATTRIBUTES", variables.resourceAttributes(), VariableReader::pairs)
                .ifPresent(pairs -> pairs.forEach(attributes::put));
        variables.serviceName().ifPresent(name -> attributes.put(NAME, name));
        configured.forEach(attributes::put);
        return Resource.getDefault().merge(Resource.create(attributes.build()));
    }
}
