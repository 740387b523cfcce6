package io.lynx.testkit;

import java.net.URI;
import java.util.List;
import java.util.Map;

/** Finds the URLs of an application's listeners. Stateless. */
final class OpenListeners {
    private static final String SERVICE = "http";

    private OpenListeners() {}

    static URI service(Map<String, List<String>> listeners) {
        return listeners.size() == 1
                ? url(listeners, listeners.keySet().iterator().next())
                : url(listeners, SERVICE);
    }

    static URI url(Map<String, List<String>> listeners, String name) {
        List<String> urls = listeners.getOrDefault(name, List.of());
        if (urls.isEmpty()) {
            throw new IllegalStateException("listener '" + name + "': is not open; "
                    + (listeners.isEmpty() ? "the application has no listener" : "open are " + listeners));
        }
        return URI.create(urls.getFirst());
    }
}
