package io.lynx.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.app.ApplicationView;
import io.lynx.plugin.PluginContext;
import java.util.Set;

/** What a test captures of its application, over all of its runs. Thread-safe. */
final class Captures {
    private final Set<String> buses;
    private final CapturedEvents events = new CapturedEvents();
    private final CapturedErrors errors = new CapturedErrors();
    private final CapturedLogs logs = new CapturedLogs();

    @GuardedBy("this")
    private boolean hasBegun;

    Captures(Set<String> buses) {
        this.buses = Set.copyOf(buses);
    }

    CapturedEvents events() {
        return events;
    }

    CapturedErrors errors() {
        return errors;
    }

    CapturedLogs logs() {
        return logs;
    }

    /** Begins to capture what an application does, when its first plugin starts. */
    void begin(PluginContext context) {
        begin(context.resource(ApplicationView.KEY));
    }

    /** Prepares for another application. */
    synchronized void beginRun() {
        hasBegun = false;
    }

    /** Begins to capture what an application does, unless that has begun. */
    synchronized void begin(ApplicationView application) {
        if (!hasBegun) {
            hasBegun = true;
            buses.forEach(bus -> events.subscribe(application.events(), bus));
            var _ = application.recovery().addListener("lynx-test", errors::on);
        }
    }
}
