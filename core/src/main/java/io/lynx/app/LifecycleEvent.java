package io.lynx.app;

import java.time.Duration;
import java.util.List;

/** Something that happened in the life of an application. Immutable. */
public sealed interface LifecycleEvent {
    /**
     * The application has read its configuration and begins to start its plugins.
     *
     * @param application the application
     * @param sources names of the sources of its configuration, the weakest first
     */
    record Starting(ApplicationConfig application, List<String> sources) implements LifecycleEvent {
        /** Copies the list. */
        public Starting {
            sources = List.copyOf(sources);
        }
    }

    /**
     * The application is ready: its plugins have started and its listeners accept requests.
     *
     * @param application the application
     * @param urls the addresses of its listeners
     * @param took the time since its start began
     */
    record Ready(ApplicationConfig application, List<String> urls, Duration took) implements LifecycleEvent {
        /** Copies the list. */
        public Ready {
            urls = List.copyOf(urls);
        }
    }

    /** The start failed; what had started is stopped. */
    record StartFailed(ApplicationConfig application, String message) implements LifecycleEvent {}

    /** Something that happened in the shutdown of the application. */
    sealed interface Shutdown extends LifecycleEvent {}

    /**
     * The shutdown begins.
     *
     * @param trigger the reason
     * @param budget the time that the shutdown may take
     * @param requestsInFlight requests in flight
     */
    record ShutdownRequested(ShutdownTrigger trigger, Duration budget, long requestsInFlight) implements Shutdown {}

    /**
     * A phase of the shutdown begins.
     *
     * @param phase the phase
     * @param remaining what is left of the budget
     */
    record PhaseEntered(ShutdownReport.Phase.Name phase, Duration remaining) implements Shutdown {}

    /**
     * The shutdown has used half of its budget, or nine tenths.
     *
     * @param elapsed the time since it was requested
     * @param budget the time that it may take
     * @param step the current step
     * @param waitingFor the plugins, listeners and requests that it waits for, one line each
     */
    record ShutdownSlow(Duration elapsed, Duration budget, String step, List<String> waitingFor) implements Shutdown {
        /** Copies the list. */
        public ShutdownSlow {
            waitingFor = List.copyOf(waitingFor);
        }
    }

    /** The shutdown is over. The buses are closed by then; only the log receives it. */
    record Stopped(ShutdownReport report) implements Shutdown {}
}
