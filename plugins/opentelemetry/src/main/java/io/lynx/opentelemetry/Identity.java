package io.lynx.opentelemetry;

import io.lynx.app.ApplicationView;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.resources.Resource;
import java.util.Map;
import java.util.Optional;

/** Which service it is that measures, in the words of OpenTelemetry. */
final class Identity {
    private Identity() {}

    /** The application's name, version and host, and what the configuration adds or says otherwise. */
    static Resource resource(Optional<ApplicationView> application, Map<String, String> configured) {
        AttributesBuilder attributes = Attributes.builder();
        application.ifPresent(view -> attributes
                .put("service.name", view.identity().name())
                .put("service.version", view.identity().version())
                .put("host.name", view.host()));
        configured.forEach(attributes::put);
        return Resource.getDefault().merge(Resource.create(attributes.build()));
    }
}
