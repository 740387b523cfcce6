package io.lynx.admin;

import io.lynx.app.ApplicationView;
import io.lynx.http.HttpException;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.Routes;
import io.lynx.metrics.Exposition;
import io.lynx.metrics.MetricRegistry;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * {@code GET /metrics}: all metrics in the format that the scraper prefers, compressed if it accepts that, and written
 * in pieces. Two scrapes can run at a time; a third is answered with 503 and {@code Retry-After}. Collecting has a time
 * limit, and so has reading the answer, so a scraper that hangs does not block others for long. Thread-safe; blocks.
 */
final class MetricsPage {
    private static final int AT_A_TIME = 2;

    private final ApplicationView application;
    private final boolean isEnabled;
    private final Ticker ticker;
    private final Duration patience;
    private final Semaphore places = new Semaphore(AT_A_TIME);

    /**
     * Creates the page.
     *
     * @param isEnabled whether anything is measured
     * @param patience the time in which a scraper must read its answer
     */
    MetricsPage(ApplicationView application, boolean isEnabled, Ticker ticker, Duration patience) {
        this.application = application;
        this.isEnabled = isEnabled;
        this.ticker = ticker;
        this.patience = patience;
    }

    void addTo(Routes routes) {
        routes.get("/metrics", this::answer);
    }

    private void answer(Request request, Response response) throws IOException {
        if (!isEnabled) {
            throw new HttpException(404, "lynx.metrics.enabled: false; set it to true to enable metrics");
        }
        Exposition exposition = Exposition.of(String.join(",", request.headers("accept")));
        boolean isCompressed = AcceptEncoding.takesGzip(request.headers("accept-encoding"));
        response.type(exposition.contentType())
                .header("Cache-Control", "no-store")
                .header("Vary", "Accept, Accept-Encoding");
        if (isCompressed) {
            response.header("Content-Encoding", "gzip");
        }
        if (application.state().isLeaving()) {
            response.header("Connection", "close");
        }
        if (request.method().equals("HEAD")) {
            sendHead(response);
        } else {
            scrape(request, response, exposition, isCompressed);
        }
    }

    /** Answers {@code HEAD} without a scrape, and so without the length of the body. */
    private static void sendHead(Response response) throws IOException {
        try (OutputStream out = response.stream()) {
            out.flush();
        }
    }

    private void scrape(Request request, Response response, Exposition exposition, boolean isCompressed)
            throws IOException {
        if (!places.tryAcquire()) {
            throw new HttpException(
                    503, "metrics: " + AT_A_TIME + " scrapes are in progress; try again", Map.of("Retry-After", "1"));
        }
        try {
            MetricSnapshots scraped = collect(request.queryAll("name[]"));
            OutputStream body = new TimedStream(response.stream(), Deadline.after(patience, ticker));
            OutputStream out = isCompressed ? new FastGzip(body) : body;
            exposition.write(scraped, out);
            // Closed only after success: closing after a failure would make half an answer look complete.
            out.close();
        } catch (TimedStream.TooSlowException slow) {
            // Too late for another answer. Without a cause it is not logged, and the connection is closed.
            throw new HttpException(503, "metrics: the scraper did not read the answer in time");
        } finally {
            places.release();
        }
    }

    private MetricSnapshots collect(List<String> names) {
        MetricRegistry registry = application.metrics().registry();
        return names.isEmpty() ? registry.scrape() : registry.scrape(Set.copyOf(names)::contains);
    }
}
