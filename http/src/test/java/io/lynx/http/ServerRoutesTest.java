package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.http.engine.head.Path;
import io.lynx.http.engine.routing.Route;
import io.lynx.http.engine.routing.RouteTable;
import io.lynx.json.JsonCodec;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.testkit.ManualTime;
import io.lynx.testkit.RecordingContext;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ServerRoutesTest {
    private static final HttpHandler ANY = (_, response) -> response.send("any");

    private static RecordingContext owner() {
        return RecordingContext.of(PluginDescriptor.of("orders").build(), new ManualTime());
    }

    private static Route find(ServerRoutes routes, String path) {
        RouteTable.Match match = Objects.requireNonNull(routes.table().find(Path.of(path)), path);
        return Objects.requireNonNull(match.route("GET"), path);
    }

    private static void assertAbsent(ServerRoutes routes, String path) {
        assertThat(find(routes, path).handler()).isSameAs(ServerRoutes.ABSENT);
    }

    @Test
    void addsToAnOpenServer() {
        ServerRoutes routes = new ServerRoutes(new Routes().get("/own", ANY), List.of());

        routes.add(owner(), http -> http.get("/orders/{id}", ANY));

        assertThat(find(routes, "/own").template()).hasToString("/own");
        assertThat(find(routes, "/orders/7").template()).hasToString("/orders/{id}");
    }

    @Test
    void refusesWhatIsTakenAndChangesNothing() {
        ServerRoutes routes = new ServerRoutes(new Routes().get("/own", ANY), List.of());
        RecordingContext orders = owner();

        assertThatThrownBy(() ->
                        routes.add(orders, http -> http.get("/orders", ANY).get("/own", ANY)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("GET /own is taken by");

        assertThat(routes.table().find(Path.of("/orders"))).isNull();
    }

    @Test
    void answersUnavailableWhileTheOwnerIsAwayAndServesWhenItIsBack() throws Exception {
        ServerRoutes routes = new ServerRoutes(new Routes(), List.of());
        RecordingContext first = owner();
        routes.add(first, http -> http.get("/orders", ANY).get("/old", ANY));

        first.close();

        assertAbsent(routes, "/orders");
        assertAbsent(routes, "/old");

        routes.add(owner(), http -> http.get("/orders", ANY));

        assertThat(find(routes, "/orders").handler()).isNotSameAs(ServerRoutes.ABSENT);
        assertThat(routes.table().find(Path.of("/old"))).isNull();
    }

    @Test
    void aPluginMayAddMoreThanOnce() throws Exception {
        ServerRoutes routes = new ServerRoutes(new Routes(), List.of());
        RecordingContext owner = owner();

        routes.add(owner, http -> http.get("/a", ANY));
        routes.add(owner, http -> http.get("/b", ANY));
        assertThat(find(routes, "/a")).isNotNull();
        assertThat(find(routes, "/b")).isNotNull();
        owner.close();

        assertAbsent(routes, "/a");
        assertAbsent(routes, "/b");
    }

    @Test
    void aStartThatFailsHalfwayLeavesTheRestAbsent() throws Exception {
        ServerRoutes routes = new ServerRoutes(new Routes().get("/{path...}", ANY), List.of());
        RecordingContext first = owner();
        routes.add(first, http -> http.get("/a", ANY));
        routes.add(first, http -> http.get("/b/{id}", ANY));
        first.close();

        RecordingContext failing = owner();
        routes.add(failing, http -> http.get("/a", ANY).get("/c", ANY));
        failing.close();

        assertAbsent(routes, "/a");
        assertAbsent(routes, "/b/7");
        assertAbsent(routes, "/c");

        routes.add(owner(), http -> http.get("/b/{name}", ANY));

        assertThat(find(routes, "/b/7").template()).hasToString("/b/{name}");
        assertThat(find(routes, "/a").template()).hasToString("/{path...}");
    }

    @Test
    void aRestartOfTheServerLeavesTheRoutesOfPluginsAbsent() throws Exception {
        ServerRoutes before = new ServerRoutes(new Routes().get("/own", ANY), List.of());
        RecordingContext first = owner();
        before.add(first, http -> http.get("/orders", ANY).get("/old", ANY));

        ServerRoutes running = restarted(before);
        first.close();
        ServerRoutes stopped = restarted(before);
        ServerRoutes again = restarted(stopped);

        for (ServerRoutes routes : List.of(running, stopped, again)) {
            assertAbsent(routes, "/orders");
            assertAbsent(routes, "/old");
            assertThat(find(routes, "/own").handler()).isNotSameAs(ServerRoutes.ABSENT);
            routes.add(owner(), http -> http.get("/orders", ANY));
            assertThat(find(routes, "/orders").handler()).isNotSameAs(ServerRoutes.ABSENT);
            assertThat(routes.table().find(Path.of("/old"))).isNull();
        }
    }

    private static ServerRoutes restarted(ServerRoutes before) {
        return new ServerRoutes(new Routes().get("/own", ANY), List.of(), JsonCodec.installed(), false, before);
    }

    @Test
    void absentRoutesGiveWayToOthers() throws Exception {
        ServerRoutes before = new ServerRoutes(new Routes(), List.of());
        RecordingContext first = owner();
        before.add(first, http -> http.get("/own", ANY).get("/taken/{id}", ANY).get("/rest", ANY));
        first.close();

        ServerRoutes routes = restarted(before);
        RecordingContext other =
                RecordingContext.of(PluginDescriptor.of("billing").build(), new ManualTime());
        routes.add(other, http -> http.get("/taken/{name}", ANY));

        assertThat(find(routes, "/own").handler()).isNotSameAs(ServerRoutes.ABSENT);
        assertThat(find(routes, "/taken/7").template()).hasToString("/taken/{name}");
        assertAbsent(routes, "/rest");
        assertThatThrownBy(() -> routes.add(owner(), http -> http.get("/taken/{id}", ANY)))
                .hasMessageContaining("is taken by");
        assertAbsent(routes, "/rest");
    }

    @Test
    void whatAPluginPutAroundAServerIsNeverPassedBy() throws Exception {
        Interceptor guard = (request, response, next) -> next.handle(request, response);
        ServerRoutes routes = new ServerRoutes(new Routes().get("/own", ANY), List.of());
        RecordingContext first = owner();
        routes.intercept(first, StandardInterceptors.AUTHENTICATION, guard);
        assertThat(find(routes, "/own").chain().handlers()).containsExactly(guard);

        first.close();
        assertThat(find(routes, "/own").chain().handlers()).hasSize(1).doesNotContain(guard);

        ServerRoutes restarted =
                new ServerRoutes(new Routes().get("/own", ANY), List.of(), JsonCodec.installed(), false, routes);
        assertThat(find(restarted, "/own").chain().handlers()).hasSize(1).doesNotContain(guard);
        restarted.intercept(owner(), StandardInterceptors.AUTHENTICATION, guard);
        assertThat(find(restarted, "/own").chain().handlers()).containsExactly(guard);
    }

    @Test
    void theCodeOfAServerCanReplaceAndRemoveWhatAPluginPutAroundIt() {
        Interceptor byPlugin = (request, response, next) -> next.handle(request, response);
        Interceptor byCode = (request, response, next) -> next.handle(request, response);
        Routes own = new Routes()
                .get("/own", ANY)
                .get("/without", RouteOptions.defaults().withoutInterceptor("guard"), ANY);
        ServerRoutes routes = new ServerRoutes(own, List.of(InterceptorChange.put("guard", byCode)));
        routes.intercept(owner(), "guard", byPlugin);

        assertThat(find(routes, "/own").chain().handlers()).containsExactly(byCode);
        assertThat(find(routes, "/without").chain().handlers()).isEmpty();
    }
}
