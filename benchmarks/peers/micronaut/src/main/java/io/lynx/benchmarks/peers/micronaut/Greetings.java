package io.lynx.benchmarks.peers.micronaut;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.runtime.Micronaut;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/** The routes on Micronaut, on virtual threads, and below {@code /loop} on its event loop. */
@Controller
public class Greetings {
    /** The JSON body of an answer. */
    @Introspected
    public record Greeting(String message) {}

    public static void main(String[] args) {
        Micronaut.run(Greetings.class, args);
    }

    @Get(value = "/hello", produces = MediaType.TEXT_PLAIN)
    @ExecuteOn(TaskExecutors.VIRTUAL)
    public String hello() {
        return "Hello, World!";
    }

    @Get("/json")
    @ExecuteOn(TaskExecutors.VIRTUAL)
    public Greeting json() {
        return new Greeting("Hello, World!");
    }

    @Get(value = "/blocking", produces = MediaType.TEXT_PLAIN)
    @ExecuteOn(TaskExecutors.VIRTUAL)
    public String blocking() throws InterruptedException {
        Thread.sleep(20);
        return "Hello, World!";
    }

    @Get(value = "/loop/hello", produces = MediaType.TEXT_PLAIN)
    public String loopHello() {
        return "Hello, World!";
    }

    @Get("/loop/json")
    public Greeting loopJson() {
        return new Greeting("Hello, World!");
    }
}
