package io.lynx.systemtest.extension;

import io.lynx.app.Application;
import io.lynx.http.ErrorHook;
import io.lynx.http.HttpServer;
import io.lynx.http.Request;
import io.lynx.http.RequestValidator;
import io.lynx.http.Routes;
import io.lynx.http.TypedHandler;
import java.util.List;

/** What is called for what a request contains, and for how it fails. */
final class RequestDrivers {
    private RequestDrivers() {}

    static List<Driver> all() {
        return List.of(new HookDriver(), new ValidatorDriver(), new FunctionDriver());
    }

    /** A hook that answers the failures of one route. */
    private static final class HookDriver extends Driver {
        HookDriver() {
            super(ErrorHook.class, "answer");
        }

        @Override
        @SuppressWarnings("unchecked") // A class has no type arguments.
        void routes(Routes routes, HostileCode code) {
            ErrorHook<IllegalStateException> hook =
                    hostile(ErrorHook.class, code, (request, response, error) -> response.send("ok"));
            Routes _ = routes.path(path(), group -> group.onError(IllegalStateException.class, hook)
                    .get("/", (request, response) -> {
                        throw new IllegalStateException("provokes the hook");
                    }));
        }

        @Override
        void provoke(Subject subject) throws Exception {
            subject.assertAnswered("GET", path() + "/", "");
            subject.assertNamed(path());
        }
    }

    /** A validator checks what every route reads; this one is hostile about the parameters of its own. */
    private static final class ValidatorDriver extends Driver {
        /** The parameters of its route. */
        public record Checked() {}

        ValidatorDriver() {
            super(RequestValidator.class, "validate");
        }

        @Override
        void build(Application.Builder application, HttpServer.Builder server, HostileCode code) {
            RequestValidator hostile = hostile(RequestValidator.class, code, _ -> List.of());
            HttpServer.Builder _ =
                    server.validator(value -> value instanceof Checked ? hostile.validate(value) : List.of());
        }

        @Override
        void routes(Routes routes, HostileCode code) {
            Routes _ = routes.get(path(), (request, response) -> response.send("" + request.bind(Checked.class)));
        }

        @Override
        void provoke(Subject subject) throws Exception {
            subject.assertAnswered("GET", path(), "");
            subject.assertNamed(path());
        }
    }

    /** The function of a typed handler. */
    private static final class FunctionDriver extends Driver {
        FunctionDriver() {
            super(TypedHandler.Function.class, "answer");
        }

        @Override
        @SuppressWarnings("unchecked") // A class has no type arguments.
        void routes(Routes routes, HostileCode code) {
            TypedHandler.Function<Request, String> function =
                    hostile(TypedHandler.Function.class, code, (input, request, response) -> "ok");
            Routes _ = routes.get(
                    path(), TypedHandler.request().answers(String.class).by(function));
        }

        @Override
        void provoke(Subject subject) throws Exception {
            subject.assertAnswered("GET", path(), "");
            subject.assertNamed(path());
        }
    }
}
