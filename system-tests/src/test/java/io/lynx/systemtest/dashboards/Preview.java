package io.lynx.systemtest.dashboards;

import io.lynx.systemtest.browser.Browser;
import io.lynx.systemtest.prometheus.BusyOrders;
import io.lynx.systemtest.prometheus.Dashboard;
import io.lynx.systemtest.prometheus.DashboardVariables;
import io.lynx.systemtest.prometheus.Dashboards;
import io.lynx.systemtest.prometheus.PrometheusApi;
import io.lynx.systemtest.prometheus.PrometheusBinaries;
import io.lynx.systemtest.prometheus.PrometheusServer;
import io.lynx.systemtest.prometheus.Rules;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Draws every dashboard: {@code ./build dashboards}. Without options it starts the orders example, customers and a
 * Prometheus server, breaks the database for a while, and draws what that looks like. Options: {@code --seconds} (90), how
 * long to watch or, with {@code --prometheus URL} of a running server, how far to look back; {@code --out DIRECTORY}.
 */
public final class Preview {
    private static final Duration SETTLING = Duration.ofSeconds(3);

    private Preview() {}

    /** Runs it. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Map<String, String> options = new java.util.HashMap<>(Map.of("--seconds", "90", "--out", "target/dashboards"));
        for (int i = 0; i < args.length; i += 2) {
            if (!List.of("--seconds", "--out", "--prometheus").contains(args[i]) || i + 1 == args.length) {
                System.err.println("dashboards: '" + args[i] + "'; --seconds N, --out DIRECTORY, --prometheus URL");
                System.exit(2);
            }
            options.put(args[i], args[i + 1]);
        }
        Path out = Path.of(options.get("--out")).toAbsolutePath();
        Duration span = Duration.ofSeconds(Long.parseLong(options.get("--seconds")));
        String url = options.get("--prometheus");
        int empty;
        if (url != null) {
            try (PrometheusApi prometheus = new PrometheusApi(URI.create(url))) {
                empty = draw(prometheus, Instant.now().minus(span), out);
            }
        } else {
            empty = watch(span, out);
        }
        System.out.println(empty == 0 ? "every panel has data" : empty + " panels have no data");
    }

    private static int watch(Duration span, Path out) throws IOException, InterruptedException {
        System.out.println("watching the orders example for " + span.toSeconds() + " s");
        Path rules = Files.createDirectories(out.resolve("rules"));
        try (BusyOrders orders = BusyOrders.start()) {
            PrometheusServer.Builder building =
                    PrometheusServer.with(PrometheusBinaries.find()).scrape("orders", orders.management());
            Rules.shipped()
                    .quick(rules, Duration.ofSeconds(15), Duration.ofSeconds(2))
                    .files()
                    .forEach(building::rules);
            return watch(span, out, orders, building);
        }
    }

    private static int watch(Duration span, Path out, BusyOrders orders, PrometheusServer.Builder building)
            throws IOException, InterruptedException {
        try (PrometheusServer prometheus = building.start()) {
            prometheus.awaitTargets();
            Instant from = Instant.now();
            Duration part = span.dividedBy(6);
            Thread.sleep(part.multipliedBy(2));
            orders.database("down");
            Thread.sleep(part);
            orders.database("slow");
            Thread.sleep(part);
            orders.database("up");
            Thread.sleep(part.multipliedBy(2).plus(SETTLING));
            return draw(prometheus.api(), from, out);
        }
    }

    private static int draw(PrometheusApi prometheus, Instant from, Path out) throws IOException, InterruptedException {
        Files.createDirectories(out);
        Optional<Path> browser = Browser.find();
        DashboardVariables variables = DashboardVariables.everything("15s");
        Instant to = Instant.now();
        int empty = 0;
        for (Dashboard dashboard : Dashboards.shipped().all()) {
            Page page = new Page(dashboard, prometheus, variables, from, to);
            Path html = out.resolve(dashboard.uid() + ".html");
            Files.writeString(html, page.html());
            empty += page.emptyPanels();
            System.out.println(html + (page.emptyPanels() == 0 ? "" : ": " + page.emptyPanels() + " without data"));
            if (browser.isPresent()) {
                shoot(browser.get(), html, page.height());
            }
        }
        if (browser.isEmpty()) {
            System.out.println("no pictures: no browser is on the PATH; open the pages in one");
        }
        return empty;
    }

    private static void shoot(Path browser, Path html, int height) throws IOException, InterruptedException {
        Path picture = Path.of(html.toString().replace(".html", ".png"));
        Path profile = Files.createTempDirectory("lynx-browser-");
        Process process = new ProcessBuilder(Browser.command(
                        browser,
                        profile,
                        "--window-size=1840," + height,
                        "--screenshot=" + picture,
                        html.toUri().toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        System.out.println(Files.exists(picture) ? picture.toString() : html + ": the browser made no picture");
        try (Stream<Path> files = Files.walk(profile)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
