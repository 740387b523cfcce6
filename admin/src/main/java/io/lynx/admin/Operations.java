package io.lynx.admin;

import io.lynx.app.ApplicationView;
import io.lynx.context.RecentRequest;
import io.lynx.http.Routes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** All pages of an application, for the listeners that serve them. Thread-safe. */
final class Operations {
    /** The limit of request bodies, small since no page reads one. */
    static final long MAX_BODY = 64 * 1024;

    /** The limit of connections, small since only probes, scrapers and operators connect. */
    static final int MAX_CONNECTIONS = 256;

    private final ApplicationView application;
    private final HealthPages health;
    private final ThreadDump threads = new ThreadDump();
    private final DebugDocuments documents;
    private final Callers callers;
    private final AccessInterceptor access;
    private final boolean allowsChanges;
    private final Supplier<List<RecentRequest>> requests;

    /**
     * Creates the pages.
     *
     * @param requests returns the recent requests that failed or were slow
     * @param token the token of this run; empty if there is none
     */
    Operations(
            ApplicationView application,
            Supplier<List<RecentRequest>> requests,
            AdminConfig config,
            Optional<String> token,
            ConnectionOwner owners) {
        this.requests = requests;
        this.application = application;
        this.health = new HealthPages(application);
        this.documents = new DebugDocuments(application);
        this.callers = new Callers(new Access(token, config.allowedHosts(), owners::isOwnUser));
        this.allowsChanges = config.allowChanges();
        this.access = new AccessInterceptor(callers, application.metrics(), allowsChanges);
    }

    /**
     * Adds health and debug pages to a listener.
     *
     * @param isManagement whether it is the management listener
     */
    void addTo(Routes routes, boolean isManagement) {
        new HealthRoutes(health, callers).addTo(routes);
        List<Operation> operations = new ArrayList<>();
        operations.addAll(new ReadPages(application, documents, threads, requests).operations());
        operations.addAll(new Changes(application, documents, isManagement).operations());
        PluginPageRoutes pages = new PluginPageRoutes(application);
        operations.addAll(pages.operations());
        new DebugRoutes(access, allowsChanges, operations, pages::listed).addTo(routes);
    }
}
