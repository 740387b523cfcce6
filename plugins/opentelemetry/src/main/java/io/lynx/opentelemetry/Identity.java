package io.lynx.opentelemetry;

import io.lynx.app.ApplicationView;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.resources.Resource;
import java.util.Map;
import java.util.Optional;

/** Describes the measured service by OpenTelemetry's resource attributes. */
final class Identity {
    private Identity() {}

    /** Distinguishes the instances of a service: unique to the process, unless the configuration sets it. */
    static final String INSTANCE = "service.instance.id";

    /** Returns the application's name, version, host and instance, overridden and extended by {@code configured}. */
    static Resource resource(Optional<ApplicationView> application, String instance, Map<String, String> configured) {
        AttributesBuilder attributes = Attributes.builder().put(INSTANCE, instance);
        application.ifPresent(view -> attributes
                .put("service.name", view.identity().name())
                .put("service.version", view.identity().version())
                .put("host.name", view.host()));
        configured.forEach(attributes::put);
        return Resource.getDefault().merge(Resource.create(attributes.build()));
    }
}
