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
 * {@code GET /metrics}: all that is measured, in the form that the scraper asks for, compressed if it takes that, written
 * as it goes. Two scrapes at a time; a third is refused at once, and told to come again. Collecting has its own limit, and
 * a scraper has a limit for taking the whole answer, so none that hangs keeps others out for long. Thread-safe; blocks.
 */
final class MetricsPage {
    private static final int AT_A_TIME = 2;

    private final ApplicationView application;
    private final boolean isEnabled;
    private final Ticker ticker;
    private final Duration patience;
    private final Semaphore places = new Semaphore(AT_A_TIME);

    /**
     * The page.
     *
     * @param isEnabled whether anything is measured
     * @param patience how long a scraper may take for an answer
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
            throw new HttpException(404, "lynx.metrics.enabled: false; set it to true to have metrics");
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

    /** What the body would be, and how long, is not worth a scrape. */
    private static void sendHead(Response response) throws IOException {
        try (OutputStream out = response.stream()) {
            out.flush();
        }
    }

    private void scrape(Request request, Response response, Exposition exposition, boolean isCompressed)
            throws IOException {
        if (!places.tryAcquire()) {
            throw new HttpException(
                    503, "metrics: " + AT_A_TIME + " scrapes are under way; come again", Map.of("Retry-After", "1"));
        }
        try {
            MetricSnapshots scraped = collect(request.queryAll("name[]"));
            OutputStream body = new TimedStream(response.stream(), Deadline.after(patience, ticker));
            OutputStream out = isCompressed ? new FastGzip(body) : body;
            exposition.write(scraped, out);
            // Only now: closing it after a failure would make half an answer look like a whole one.
            out.close();
        } catch (TimedStream.TooSlowException slow) {
            // Too late for another answer; without a cause it is not logged, and the connection is cut.
            throw new HttpException(503, "metrics: the scraper takes too long");
        } finally {
            places.release();
        }
    }

    private MetricSnapshots collect(List<String> names) {
        MetricRegistry registry = application.metrics().registry();
        return names.isEmpty() ? registry.scrape() : registry.scrape(Set.copyOf(names)::contains);
    }
}
