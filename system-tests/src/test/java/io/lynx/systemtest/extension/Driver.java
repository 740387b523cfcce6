package io.lynx.systemtest.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.Application;
import io.lynx.http.HttpServer;
import io.lynx.http.Routes;
import io.lynx.plugin.PluginContext;

/**
 * Puts a hostile implementation of one method of an extension point where an application has it, makes the framework call it, and
 * asserts what the framework makes of it.
 */
abstract class Driver {
    private final Class<?> type;
    private final String method;

    Driver(Class<?> type, String method) {
        this.type = type;
        this.method = method;
    }

    final Class<?> type() {
        return type;
    }

    final String method() {
        return method;
    }

    /** Returns the name under which the hostile code is registered, as far as it has one. */
    final String name() {
        return "hostile-" + type.getSimpleName().toLowerCase(java.util.Locale.ROOT) + "-"
                + method.toLowerCase(java.util.Locale.ROOT);
    }

    /** Returns the path of a route that leads to the hostile code. */
    final String path() {
        return "/" + name();
    }

    final <T> T hostile(Class<T> as, HostileCode code, T good) {
        return code.in(method, as, good);
    }

    /** Adds what an application gets before it is built. */
    void build(Application.Builder application, HttpServer.Builder server, HostileCode code) {}

    /** Adds routes of the server's own. */
    void routes(Routes routes, HostileCode code) {}

    /** Registers it through the context of a plugin. */
    void start(PluginContext context, HostileCode code) throws Exception {}

    /** Makes the framework call it while the application runs. */
    void provoke(Subject subject) throws Exception {}

    /** Asserts that the shutdown report names {@code name} among what was cut off, with where it hung. */
    static void assertCutOff(Subject subject, String name) {
        assertThat(subject.application().shutdownReport().orElseThrow().cutOff())
                .anyMatch(work ->
                        work.name().contains(name) && work.stack().toString().contains(HostileCode.FRAME));
    }

    /** Asserts what is to be seen after the shutdown. */
    void stopped(Subject subject) throws Exception {}

    @Override
    public final String toString() {
        return type.getSimpleName() + "." + method;
    }
}
