package io.lynx.systemtest.app;

import io.lynx.app.Lynx;
import io.lynx.http.HttpServer;
import io.lynx.http.Request;
import io.lynx.http.Response;
import java.util.concurrent.CountDownLatch;

/**
 * A service of scripted plugins: the system property {@code script} has their lines, separated by semicolons; {@code
 * slow-traffic}, {@code commands} and {@code early} name the special ones, {@code http} an HTTP server whose requests {@code
 * /deeds/DEED} do what they name. {@code setup} names the {@link Deed} of the code that
 * sets the application up; {@code hook=hang} adds a shutdown hook of a third party that never ends.
 */
public final class ScriptedService {
    private ScriptedService() {}

    /** Runs it. */
    public static void main(String[] args) {
        if (System.getProperty("hook", "").equals("hang")) {
            Runtime.getRuntime().addShutdownHook(new Thread(ScriptedService::hang, "third-party-hook"));
        }
        Lynx.run(args, app -> {
            // The application alone: what listens on the management port has tests of its own.
            app.discoverPlugins(false);
            EarlyPlugin.perform("setup");
            for (String line : System.getProperty("script", "").split(";")) {
                app.plugin(
                        switch (line) {
                            case "slow-traffic" -> new SlowTraffic();
                            case "commands" -> new Commands();
                            case "early" -> new EarlyPlugin();
                            case "http" -> HttpServer.with(http -> http.get("/deeds/{deed}", ScriptedService::perform));
                            default -> ScriptedPlugin.of(line);
                        });
            }
        });
    }

    private static void perform(Request request, Response response) throws Exception {
        Deed deed = Deed.valueOf(request.path("deed"));
        System.out.println("script http performs " + deed);
        deed.run("http");
        response.send("done");
    }

    private static void hang() {
        System.out.println("script hook hangs");
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
