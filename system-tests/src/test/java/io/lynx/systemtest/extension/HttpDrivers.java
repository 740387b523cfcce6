package io.lynx.systemtest.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.Application;
import io.lynx.http.DrainCallback;
import io.lynx.http.HttpHandler;
import io.lynx.http.HttpServer;
import io.lynx.http.Interceptor;
import io.lynx.http.LimitKey;
import io.lynx.http.RateLimitConfig;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.RouteOptions;
import io.lynx.http.Routes;
import io.lynx.http.StandardInterceptors;
import io.lynx.http.websocket.WebSocketHandler;
import io.lynx.json.JsonCodec;
import io.lynx.page.PageActionHandler;
import io.lynx.page.PageContent;
import io.lynx.page.PageSource;
import io.lynx.plugin.PluginContext;
import io.lynx.recovery.Classification.HttpStatusFailure;
import io.lynx.recovery.ErrorClassifier;
import io.lynx.recovery.ErrorClassifier.ClassificationRule;
import io.lynx.resilience.Retry;
import io.lynx.resilience.Retry.RetryAfter;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What is called while a request is served. */
final class HttpDrivers {
    private HttpDrivers() {}

    static List<Driver> all() {
        return List.of(
                new HandlerDriver(),
                new UnlimitedHandlerDriver(),
                new InterceptorDriver(),
                new LimitKeyDriver(),
                new AfterAnswerDriver(),
                new CodecDriver("read"),
                new CodecDriver("write"),
                new DrainDriver(),
                new WebSocketDriver(),
                new SourceDriver(),
                new ActionDriver(),
                new RetryAfterDriver(),
                new StatusDriver(),
                new RuleDriver());
    }

    private static void ok(Request request, Response response) {
        response.send("ok");
    }

    /** The pages of all plugins have one route; the frame names the code that hangs. */
    private static void assertPageNamed(Subject subject, Driver driver) throws InterruptedException {
        subject.assertNamed(subject.code().hostility() == Hostility.HANG ? "/debug/{page}" : driver.name());
    }

    /** A route whose handler is, or calls, hostile code. */
    private abstract static class RouteDriver extends Driver {
        RouteDriver(Class<?> type, String method) {
            super(type, method);
        }

        @Override
        void provoke(Subject subject) throws Exception {
            subject.assertAnswered("GET", path(), "");
            subject.assertNamed(path());
        }
    }

    private static final class HandlerDriver extends RouteDriver {
        HandlerDriver() {
            super(HttpHandler.class, "handle");
        }

        @Override
        void routes(Routes routes, HostileCode code) {
            Routes _ = routes.get(path(), hostile(HttpHandler.class, code, HttpDrivers::ok));
        }
    }

    /** A handler whose requests have no time limit: it is named after the usual one. */
    private static final class UnlimitedHandlerDriver extends RouteDriver {
        private interface UnlimitedHandler extends HttpHandler {}

        UnlimitedHandlerDriver() {
            super(UnlimitedHandler.class, "handle");
        }

        @Override
        void routes(Routes routes, HostileCode code) {
            Routes _ = routes.get(
                    path(),
                    RouteOptions.defaults().withTimeout(Duration.ZERO),
                    hostile(UnlimitedHandler.class, code, HttpDrivers::ok));
        }

        @Override
        void provoke(Subject subject) throws Exception {
            if (subject.code().hostility() == Hostility.HANG) {
                subject.begin(path());
                subject.assertNamed(path());
            } else {
                super.provoke(subject);
            }
        }
    }

    private static final class InterceptorDriver extends RouteDriver {
        InterceptorDriver() {
            super(Interceptor.class, "intercept");
        }

        @Override
        void routes(Routes routes, HostileCode code) {
            Interceptor good = (request, response, next) -> next.handle(request, response);
            Routes _ = routes.path(path(), group -> group.intercept(name(), hostile(Interceptor.class, code, good))
                    .get("/", HttpDrivers::ok));
        }

        @Override
        void provoke(Subject subject) throws Exception {
            subject.assertAnswered("GET", path() + "/", "");
            subject.assertNamed(path());
        }
    }

    /** What a rate limit counts by. */
    private static final class LimitKeyDriver extends RouteDriver {
        LimitKeyDriver() {
            super(LimitKey.class, "of");
        }

        @Override
        void routes(Routes routes, HostileCode code) {
            LimitKey key = hostile(LimitKey.class, code, LimitKey.shared());
            Interceptor limit =
                    StandardInterceptors.rateLimit(name(), RateLimitConfig.of(1000, Duration.ofSeconds(1)), key);
            Routes _ = routes.path(path(), group -> group.intercept(StandardInterceptors.RATE_LIMIT, limit)
                    .get("/", HttpDrivers::ok));
        }

        @Override
        void provoke(Subject subject) throws Exception {
            subject.assertAnswered("GET", path() + "/", "");
            subject.assertNamed(path());
        }
    }

    /** What an interceptor does when the answer has been sent. */
    private static final class AfterAnswerDriver extends Driver {
        private interface AfterAnswer extends Interceptor {}

        AfterAnswerDriver() {
            super(AfterAnswer.class, "intercept");
        }

        @Override
        void routes(Routes routes, HostileCode code) {
            AfterAnswer hostile = hostile(AfterAnswer.class, code, (_, _, _) -> {});
            Interceptor after = (request, response, next) -> {
                next.handle(request, response);
                hostile.intercept(request, response, next);
            };
            Routes _ =
                    routes.path(path(), group -> group.intercept(name(), after).get("/", HttpDrivers::ok));
        }

        @Override
        void provoke(Subject subject) throws Exception {
            assertThat(subject.get(path() + "/").body()).isEqualTo("ok");
            subject.assertNamed(path());
        }
    }

    /** A codec that the server uses for bodies; only the routes of these drivers have some. */
    private static final class CodecDriver extends Driver {
        CodecDriver(String method) {
            super(JsonCodec.class, method);
        }

        @Override
        void build(Application.Builder application, HttpServer.Builder server, HostileCode code) {
            JsonCodec reading = code.in("read", JsonCodec.class, JsonCodec.installed());
            HttpServer.Builder _ = server.json(code.in("write", JsonCodec.class, reading));
        }

        @Override
        void routes(Routes routes, HostileCode code) {
            Routes _ = method().equals("read")
                    ? routes.post(path(), (request, response) -> response.send("" + request.json(List.class)))
                    : routes.post(path(), (request, response) -> response.json(List.of("a")));
        }

        @Override
        void provoke(Subject subject) throws Exception {
            subject.assertAnswered("POST", path(), "[]");
            subject.assertNamed(path());
        }
    }

    /** A long-lived answer that lasts until the shutdown. */
    private static final class DrainDriver extends Driver {
        private final CountDownLatch begun = new CountDownLatch(1);

        DrainDriver() {
            super(DrainCallback.class, "draining");
        }

        @Override
        void routes(Routes routes, HostileCode code) {
            DrainCallback callback = hostile(DrainCallback.class, code, _ -> {});
            Routes _ = routes.get(path(), (request, response) -> {
                OutputStream out = response.longLived(callback);
                out.write('a');
                out.flush();
                begun.countDown();
                new CountDownLatch(1).await();
            });
        }

        @Override
        void provoke(Subject subject) throws Exception {
            subject.begin(path());
            assertThat(begun.await(Subject.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        }

        @Override
        void stopped(Subject subject) {
            assertThat(subject.code().calls(type(), method())).isPositive();
            if (subject.code().hostility() == Hostility.HANG) {
                subject.assertNamed(path());
            }
        }
    }

    /** A socket whose client closes it: a handler that hangs outlives it. */
    private static final class WebSocketDriver extends Driver {
        WebSocketDriver() {
            super(WebSocketHandler.class, "handle");
        }

        @Override
        void routes(Routes routes, HostileCode code) {
            Routes _ = routes.webSocket(path(), hostile(WebSocketHandler.class, code, _ -> {}));
        }

        @Override
        void provoke(Subject subject) throws Exception {
            WebSocket socket = subject.client()
                    .newWebSocketBuilder()
                    .buildAsync(
                            URI.create("ws://localhost:" + subject.server().port() + path()),
                            new WebSocket.Listener() {})
                    .get(Subject.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            subject.await("the handler is called", () -> subject.code().calls(type(), method()) > 0);
            if (subject.code().hostility() == Hostility.HANG) {
                socket.abort();
            }
            subject.assertNamed(path());
            socket.abort();
        }
    }

    private static final class SourceDriver extends Driver {
        SourceDriver() {
            super(PageSource.class, "content");
        }

        @Override
        void start(PluginContext context, HostileCode code) {
            var _ = context.page(name(), hostile(PageSource.class, code, () -> PageContent.builder("page")
                    .build()));
        }

        @Override
        void provoke(Subject subject) throws Exception {
            subject.assertAnswered("GET", "/debug/" + name(), "");
            assertPageNamed(subject, this);
        }
    }

    private static final class ActionDriver extends Driver {
        ActionDriver() {
            super(PageActionHandler.class, "run");
        }

        @Override
        void start(PluginContext context, HostileCode code) {
            PageActionHandler action = hostile(PageActionHandler.class, code, _ -> "done");
            var _ = context.page(
                    name(),
                    () -> PageContent.builder("page").action("go", "Go", action).build());
        }

        @Override
        void provoke(Subject subject) throws Exception {
            subject.assertAnswered("POST", "/debug/" + name() + "/go", "");
            assertPageNamed(subject, this);
        }
    }

    private static final class RetryAfterDriver extends RouteDriver {
        private static final class PatientException extends RuntimeException implements RetryAfter {
            private final RetryAfter delegate;

            PatientException(RetryAfter delegate) {
                super("try again");
                this.delegate = delegate;
            }

            @Override
            public Optional<Duration> retryAfter() {
                return delegate.retryAfter();
            }
        }

        RetryAfterDriver() {
            super(RetryAfter.class, "retryAfter");
        }

        @Override
        void routes(Routes routes, HostileCode code) {
            RetryAfter asked = hostile(RetryAfter.class, code, () -> Optional.of(Duration.ofMillis(1)));
            Retry retry = Retry.builder()
                    .name(name())
                    .initialDelay(Duration.ofMillis(1))
                    .build();
            Routes _ = routes.get(
                    path(),
                    (request, response) -> response.send(retry.<String>call(() -> {
                        throw new PatientException(asked);
                    })));
        }

        @Override
        void provoke(Subject subject) throws Exception {
            subject.assertFails(this);
        }
    }

    private static final class StatusDriver extends RouteDriver {
        private static final class UpstreamException extends RuntimeException implements HttpStatusFailure {
            private final HttpStatusFailure delegate;

            UpstreamException(HttpStatusFailure delegate) {
                super("the other service failed");
                this.delegate = delegate;
            }

            @Override
            public int status() {
                return delegate.status();
            }
        }

        StatusDriver() {
            super(HttpStatusFailure.class, "status");
        }

        @Override
        void routes(Routes routes, HostileCode code) {
            HttpStatusFailure failure = hostile(HttpStatusFailure.class, code, () -> 503);
            Routes _ = routes.get(path(), (request, response) -> {
                throw new UpstreamException(failure);
            });
        }

        @Override
        void provoke(Subject subject) throws Exception {
            subject.assertFails(this);
        }
    }

    /** A rule classifies every failure; this one is hostile about those of its own route. */
    private static final class RuleDriver extends Driver {
        private static final class ProvokingException extends RuntimeException {
            ProvokingException() {
                super("provokes the rule");
            }
        }

        RuleDriver() {
            super(ClassificationRule.class, "classify");
        }

        @Override
        void build(Application.Builder application, HttpServer.Builder server, HostileCode code) {
            ClassificationRule hostile = hostile(ClassificationRule.class, code, _ -> Optional.empty());
            Application.Builder _ = application.errorClassifier(ErrorClassifier.builder()
                    .rule(failure ->
                            failure instanceof ProvokingException ? hostile.classify(failure) : Optional.empty())
                    .build());
        }

        @Override
        void routes(Routes routes, HostileCode code) {
            Routes _ = routes.get(path(), (request, response) -> {
                throw new ProvokingException();
            });
        }

        /** It is called after the request was answered. */
        @Override
        void provoke(Subject subject) throws Exception {
            subject.assertFails(this);
        }
    }
}
