package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NamedInterceptorTest {
    private static Interceptor marks(String mark) {
        return (request, response, next) -> {
            response.addHeader("X-Mark", mark);
            next.handle(request, response);
        };
    }

    private static void ok(Request request, Response response) {
        response.send("ok");
    }

    @Test
    void aGroupOrARouteReplacesOrRemovesByName() throws Exception {
        try (TestServer server = TestServer.with(http -> http.intercept("outer", marks("outer"))
                .intercept("audit", marks("audit"))
                .get("/", NamedInterceptorTest::ok)
                .path("/replaced", group -> group.intercept("outer", marks("inner"))
                        .intercept(marks("more"))
                        .get("/a", NamedInterceptorTest::ok))
                .path("/removed", group -> group.withoutInterceptor("audit").get("/a", NamedInterceptorTest::ok))
                .get("/bare", RouteOptions.defaults().withoutInterceptor("outer"), NamedInterceptorTest::ok))) {
            assertThat(server.get("/").headers().allValues("x-mark")).containsExactly("outer", "audit");
            assertThat(server.get("/replaced/a").headers().allValues("x-mark"))
                    .containsExactly("inner", "audit", "more");
            assertThat(server.get("/removed/a").headers().allValues("x-mark")).containsExactly("outer");
            assertThat(server.get("/bare").headers().allValues("x-mark")).containsExactly("audit");
            assertThat(server.get("/nothing").headers().allValues("x-mark")).containsExactly("outer", "audit");
        }
    }

    @Test
    void aNameIsNotEmpty() {
        assertThatThrownBy(() -> new Routes().intercept("", marks("a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("its name is empty");
    }
}
