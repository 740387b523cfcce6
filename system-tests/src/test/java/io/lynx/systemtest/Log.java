package io.lynx.systemtest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lynx.systemtest.process.Output;
import io.lynx.systemtest.process.ServiceProcess;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Reads a service's log, which is JSON when nobody watches. */
final class Log {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Log() {}

    /** Waits for the line of that message. */
    static JsonNode await(ServiceProcess service, String message) throws InterruptedException {
        return parse(service.awaitLine("\"message\":\"" + message).text());
    }

    /** The first line whose message begins so, of those so far. */
    static Optional<JsonNode> find(ServiceProcess service, String message) {
        return service.output()
                .find("\"message\":\"" + message)
                .map(Output.Line::text)
                .map(Log::parse);
    }

    /** The line with the report of the stop; empty if it was not written. */
    static Optional<JsonNode> shutdownReport(ServiceProcess service) {
        return find(service, "Stopped").map(line -> line.path("kv"));
    }

    static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
