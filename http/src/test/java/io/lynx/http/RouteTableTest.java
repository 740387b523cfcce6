package io.lynx.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.http.engine.head.Path;
import io.lynx.http.engine.routing.Route;
import io.lynx.http.engine.routing.RouteTable;
import io.lynx.http.engine.routing.Template;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTableTest {
    private static final HttpHandler NOTHING = (_, _) -> {};

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/orders, /orders",
        "/orders/, /orders/",
        "/orders/new, /orders/new",
        "/orders/7, /orders/{id}",
        "/orders/a%2Fb, /orders/{id}",
        "/orders/7/items, /orders/{order}/items",
        "/orders/new/items, /orders/{order}/items",
        "/files/a, /files/{path...}",
        "/files/a/b/c, /files/{path...}",
        "/files/index, /files/index",
        "/files/index/b, /files/{path...}",
    })
    void findsTheMostSpecificRoute(String path, String template) {
        Routes routes = new Routes()
                .get("/", NOTHING)
                .get("/orders", NOTHING)
                .get("/orders/", NOTHING)
                .get("/orders/{id}", NOTHING)
                .get("/orders/new", NOTHING)
                .get("/orders/{order}/items", NOTHING)
                .get("/files/{path...}", NOTHING)
                .get("/files/index", NOTHING);

        assertThat(find(routes, path)).isEqualTo(template);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/order", "//orders", "/orders//items", "/files/", "/files", "/orders/7/", "/orders/7/items/1"})
    void findsNothingElse(String path) {
        Routes routes = new Routes()
                .get("/orders", NOTHING)
                .get("/orders/{id}", NOTHING)
                .get("/orders/{order}/items", NOTHING)
                .get("/files/{path...}", NOTHING);

        assertThat(find(routes, path)).isNull();
    }

    @Test
    void givesDecodedVariables() {
        Routes routes = new Routes().get("/a/{x}/b/{rest...}", NOTHING);

        RouteTable.Match match = routes.freeze(List.of()).find(Path.of("/a/1%2F2%20%C3%A4/b/c/d%25"));

        assertThat(match).isNotNull();
        assertThat(match.values()).containsExactly("1/2 ä", "c/d%");
    }

    @Test
    void triesALiteralBeforeAVariableAndGoesBack() {
        Routes routes = new Routes().get("/{a}/x/end", NOTHING).get("/b/{c}/other", NOTHING);

        assertThat(find(routes, "/b/x/end")).isEqualTo("/{a}/x/end");
    }

    @Test
    void listsWhatIsAllowed() {
        Routes routes = new Routes().get("/a", NOTHING).post("/a", NOTHING);

        RouteTable.Match match = routes.freeze(List.of()).find(Path.of("/a"));

        assertThat(match).isNotNull();
        assertThat(match.allow()).isEqualTo("GET, HEAD, OPTIONS, POST");
        assertThat(requireNonNull(match.route("HEAD"))).isSameAs(requireNonNull(match.route("GET")));
        assertThat(match.route("PUT")).isNull();
    }

    @Test
    void refusesASecondRouteForTheSame() {
        Routes routes = new Routes().get("/orders/{id}", NOTHING);

        assertThatThrownBy(() -> routes.get("/orders/{number}", NOTHING))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("route: GET /orders/{number} is taken by GET /orders/{id}");
    }

    @Test
    void refusesRoutesWhenItIsOpen() {
        Routes routes = new Routes();
        routes.freeze(List.of());

        assertThatThrownBy(() -> routes.get("/late", NOTHING))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("GET /late comes too late");
        assertThatThrownBy(() -> routes.intercept((_, _, _) -> {})).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "orders, a template begins with a slash",
        "/a//b, a segment is not empty",
        "/a/../b, segments '.' and '..' are not",
        "/a/x{id}, a variable is a whole segment",
        "/a/{}, the name of a variable has",
        "/a/{x}/{x}, the variable x occurs twice",
        "/a/{x...}/b, a tail is the last segment",
    })
    void refusesWhatIsNoTemplate(String template, String reason) {
        assertThatThrownBy(() -> Template.of(template))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + template + "'")
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "/%", "/%4", "/%zz", "/%ff", "/a%00", "/..", "/a/./b", "/%2e%2e/b", "/a/%2E"})
    void refusesPathsThatCannotBeDecoded(String path) {
        assertThatThrownBy(() -> Path.of(path)).isInstanceOfSatisfying(HttpException.class, e -> assertThat(e.status())
                .isEqualTo(400));
    }

    @Test
    void costsByThePathAlone() {
        Routes few = new Routes();
        Routes many = new Routes();
        few.get("/r0/{id}/x", NOTHING);
        for (int i = 0; i < 10_000; i++) {
            many.get("/r" + i + "/{id}/x", NOTHING);
        }
        RouteTable small = few.freeze(List.of());
        RouteTable large = many.freeze(List.of());

        long slow = Long.MAX_VALUE;
        long fast = Long.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            fast = Math.min(fast, time(small, "/r0/1/x"));
            slow = Math.min(slow, time(large, "/r9999/1/x"));
        }

        // A scan would be thousands of times slower; ten leaves room for caches and a busy machine.
        assertThat(slow).isLessThan(fast * 10);
    }

    private static long time(RouteTable table, String path) {
        long start = System.nanoTime();
        for (int i = 0; i < 5000; i++) {
            assertThat(table.find(Path.of(path)) == null).isFalse();
        }
        return System.nanoTime() - start;
    }

    private static @Nullable String find(Routes routes, String path) {
        RouteTable.Match match = routes.freeze(List.of()).find(Path.of(path));
        Route route = match == null ? null : requireNonNull(match.route("GET"));
        return route == null ? null : route.template().text();
    }

    @Test
    void namesItsVariables() {
        assertThat(Template.of("/a/{x}/b/{y...}").variables()).isEqualTo(List.of("x", "y"));
    }

    @Test
    void aRouteForAnyMethodAnswersTheMethodsWithoutARoute() {
        RouteTable table = new Routes()
                .get("/a", NOTHING)
                .any("/a", NOTHING)
                .any("/{rest...}", NOTHING)
                .freeze(List.of());

        RouteTable.Match match = table.find(Path.of("/a"));

        assertThat(match).isNotNull();
        assertThat(requireNonNull(match.route("GET")).method()).isEqualTo("GET");
        assertThat(requireNonNull(match.route("HEAD")).method()).isEqualTo("GET");
        assertThat(requireNonNull(match.route("OPTIONS")).method()).isEqualTo("*");
        assertThat(requireNonNull(match.route("BREW")).method()).isEqualTo("*");
        assertThat(match.allow()).isEqualTo("GET, HEAD, OPTIONS");
        assertThat(requireNonNull(requireNonNull(table.find(Path.of("/b/c"))).route("PROPFIND"))
                        .template()
                        .text())
                .isEqualTo("/{rest...}");
    }
}
