package io.lynx.http.engine.exchange;

import io.lynx.extension.UserCode;
import io.lynx.http.HttpException;
import io.lynx.http.engine.problem.Problem;

/** Answers a request with a problem. */
final class ProblemAnswer {
    private ProblemAnswer() {}

    /** Sends {@code problem}, or a plain 500 if it cannot be written. */
    static void send(ExchangeParts exchange, ServerResponse into, HttpException problem) {
        String id = exchange.id();
        try {
            byte[] json = Problem.json(problem, id);
            problem.headers().forEach(into::header);
            into.status(problem.status()).type(Problem.TYPE).header("X-Request-Id", id);
            into.finish(json, Problem.TYPE);
        } catch (Throwable unusable) {
            UserCode.rethrowIfFatal(unusable);
            ServerResponse plain = into.inItsPlace();
            plain.status(500).type(Problem.TYPE).header("X-Request-Id", id);
            plain.finish(Problem.json(new HttpException(500, ""), id), Problem.TYPE);
            exchange.unusable(unusable);
        }
    }
}
