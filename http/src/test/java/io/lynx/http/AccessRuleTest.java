package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lynx.context.RequestContext;
import io.lynx.security.Principal;
import java.net.http.HttpResponse;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Who may call a route, with an authentication of the test's own and without any. */
class AccessRuleTest {
    /** The caller is who the header says. */
    private static final Interceptor BY_HEADER = (request, response, next) -> {
        request.header("X-User").ifPresent(name -> RequestContext.current()
                .authenticated(Principal.of(name).withRoles(Set.of(name + "-role"))));
        next.handle(request, response);
    };

    private static void ok(Request request, Response response) {
        response.send(request.access().map(AccessRule::toString).orElse("none"));
    }

    private static void routes(Routes http) {
        http.get("/plain", AccessRuleTest::ok).path("/group", group -> group.access(
                        AccessRule.roles("ann-role", "bob-role"))
                .get("/a", AccessRuleTest::ok)
                .get("/b", RouteOptions.defaults().withAccess(AccessRule.authenticated()), AccessRuleTest::ok)
                .get("/c", RouteOptions.nonBlocking().withAccess(AccessRule.anonymous()), AccessRuleTest::ok)
                .path("/inner", inner -> inner.access(AccessRule.optional()).get("", AccessRuleTest::ok)));
    }

    @Test
    void theInnermostRuleApplies() throws Exception {
        try (TestServer server = TestServer.intercepted(
                limits -> limits,
                AccessRuleTest::routes,
                interceptors -> interceptors.add(StandardInterceptors.AUTHENTICATION, BY_HEADER))) {
            assertThat(server.get("/plain").body()).isEqualTo("none");
            assertThat(server.get("/group/a").statusCode()).isEqualTo(401);
            assertThat(server.get("/group/a", "X-User", "carol").statusCode()).isEqualTo(403);
            assertThat(server.get("/group/a", "X-User", "ann").statusCode()).isEqualTo(200);
            assertThat(server.get("/group/b").statusCode()).isEqualTo(401);
            assertThat(server.get("/group/b", "X-User", "carol").body()).contains("REQUIRED", "roles=[]");
            assertThat(server.get("/group/c").body()).contains("NONE");
            assertThat(server.get("/group/inner").body()).contains("OPTIONAL");
        }
    }

    @Test
    void aRuleIsClosedWithoutAnAuthentication() throws Exception {
        try (TestServer server = TestServer.with(AccessRuleTest::routes)) {
            HttpResponse<String> refused = server.get("/group/a", "X-User", "ann");
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.headers().firstValue("www-authenticate")).hasValue("Bearer");
            assertThat(refused.headers().firstValue("content-type")).hasValue("application/problem+json");
            assertThat(server.get("/group/c").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void anInterceptorThatMayBlockMovesTheRequestToAVirtualThread() throws Exception {
        AtomicReference<String> thread = new AtomicReference<>("");
        Interceptor blocking = new Interceptor() {
            @Override
            public void intercept(Request request, Response response, HttpHandler next) throws Exception {
                thread.set(Thread.currentThread().isVirtual() ? "virtual" : "loop");
                next.handle(request, response);
            }

            @Override
            public boolean mayBlock(Request request) {
                if (request.header("X-Broken").isPresent()) {
                    throw new IllegalStateException("expected by the test");
                }
                return request.header("X-User").isPresent();
            }
        };
        try (TestServer server = TestServer.intercepted(
                limits -> limits, AccessRuleTest::routes, interceptors -> interceptors.add("own", blocking))) {
            assertThat(server.get("/group/c").statusCode()).isEqualTo(200);
            assertThat(thread).hasValue("loop");
            assertThat(server.get("/group/c", "X-User", "ann").statusCode()).isEqualTo(200);
            assertThat(thread).hasValue("virtual");
            assertThat(server.get("/group/c").statusCode()).isEqualTo(200);
            assertThat(thread).hasValue("loop");
            assertThat(server.get("/group/c", "X-Broken", "1").statusCode()).isEqualTo(200);
            assertThat(thread).hasValue("virtual");
        }
    }

    @Test
    void aRuleIsChecked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AccessRule.roles("admin", " "))
                .withMessage("access rule: a role is blank; a name such as 'admin'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AccessRule(AccessRule.Identity.OPTIONAL, Set.of("admin")))
                .withMessageStartingWith("access rule: roles [admin]");
        assertThat(AccessRule.roles("a", "a").roles()).containsExactly("a");
    }
}
