package io.lynx.examples.orders;

import io.lynx.config.Size;
import io.lynx.extension.Registration;
import io.lynx.http.HttpException;
import io.lynx.http.HttpServer;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.RouteOptions;
import io.lynx.jdbc.JdbcPlugin;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Switches faults on, to try how the service behaves: {@code PUT /faults/database} with {@code up}, {@code slow} or
 * {@code down}, and {@code PUT /faults/memory} with an amount of memory to hold, such as {@code 500MiB} or {@code 0}.
 */
final class FaultsPlugin implements Plugin {
    private static final Logger LOG = LoggerFactory.getLogger(FaultsPlugin.class);

    private static final RouteOptions READING =
            RouteOptions.describe(route -> route.summary("What is switched on").answers(200, "text/plain"));

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of("orders.faults")
                .requires("http")
                .requires(OrderRepository.PLUGIN)
                .config("orders.access", AccessConfig.class)
                .build();
    }

    @Override
    public void start(PluginContext context) {
        FaultSwitch fault = new FaultSwitch(Pause.on(context.scheduler()));
        Registration _ =
                context.resource(JdbcPlugin.hooks(OrderRepository.DATABASE)).add(context, fault);
        MemoryFault memory = new MemoryFault();
        RouteOptions switching = context.config(AccessConfig.class)
                .forManagers()
                .withDescription(route -> route.summary("Switch a fault on or off")
                        .description(
                                "The database is `up`, `slow` or `down`; the memory is an amount such as `500MiB`.")
                        .body("text/plain")
                        .answers(200, "text/plain"));
        context.resource(HttpServer.ROUTES)
                .add(
                        context,
                        http -> http.path("/faults", faults -> faults.describe(route -> route.tags("faults"))
                                .get("/database", READING, (_, response) -> answer(fault, response))
                                .put("/database", switching, (request, response) -> set(fault, request, response))
                                .get("/memory", READING, (_, response) -> answer(memory, response))
                                .put("/memory", switching, (request, response) -> set(memory, request, response))));
    }

    private static void set(FaultSwitch fault, Request request, Response response) {
        fault.set(parse(request));
        LOG.atWarn().addKeyValue("database", name(fault)).log("Fault switched by a request");
        answer(fault, response);
    }

    private static void set(MemoryFault memory, Request request, Response response) {
        hold(memory, request);
        LOG.atWarn().addKeyValue("memory", memory.bytes()).log("Fault switched by a request");
        answer(memory, response);
    }

    private static void hold(MemoryFault memory, Request request) {
        String text = request.text().strip();
        Size size;
        try {
            size = Size.parse(text);
        } catch (IllegalArgumentException e) {
            throw new HttpException(400, "memory fault: '" + text + "' (body); " + e.getMessage());
        }
        try {
            memory.hold(size);
        } catch (IllegalArgumentException e) {
            throw new HttpException(409, String.valueOf(e.getMessage()));
        }
    }

    private static void answer(MemoryFault memory, Response response) {
        response.send(new Size(memory.bytes()) + "\n");
    }

    private static DatabaseFault parse(Request request) {
        String text = request.text().strip();
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "up" -> DatabaseFault.UP;
            case "slow" -> DatabaseFault.SLOW;
            case "down" -> DatabaseFault.DOWN;
            default -> throw new HttpException(400, "database fault: '" + text + "' (body); up, slow or down");
        };
    }

    private static void answer(FaultSwitch fault, Response response) {
        response.send(name(fault) + "\n");
    }

    private static String name(FaultSwitch fault) {
        return fault.fault().name().toLowerCase(Locale.ROOT);
    }
}
