package io.lynx.admin;

import io.lynx.app.ApplicationView;
import io.lynx.http.Routes;

/** All pages of an application, for the listeners that show them. Thread-safe. */
final class Operations {
    /** No page takes a body. */
    static final long MAX_BODY = 64 * 1024;

    /** Probes, scrapers and a few people: the management port is not a service. */
    static final int MAX_CONNECTIONS = 256;

    private final ApplicationView application;
    private final AdminConfig config;
    private final Access access;
    private final HealthPages pages;
    private final ThreadDump threads = new ThreadDump();

    Operations(ApplicationView application, AdminConfig config) {
        this.application = application;
        this.config = config;
        this.access = new Access(config);
        this.pages = new HealthPages(application);
    }

    /** The pages of the management port, which is not the world's: everybody there sees what a check found. */
    void addManagementPages(Routes routes) {
        new HealthRoutes(pages, _ -> true).addTo(routes);
        debug(true).addTo(routes);
    }

    /** The pages of the service's port, where strangers see statuses alone. */
    void addServicePages(Routes routes) {
        new HealthRoutes(pages, request -> access.maySee(Callers.of(request))).addTo(routes);
        debug(false).addTo(routes);
    }

    private DebugRoutes debug(boolean isManagement) {
        return new DebugRoutes(application, config, access, threads, isManagement);
    }
}
