package io.lynx.benchmarks.peers.quarkus;

import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** The routes on Quarkus, on virtual threads, and below {@code /loop} on its event loop. */
@Path("/")
public class Greetings {
    /** The JSON body of an answer. */
    public record Greeting(String message) {}

    @GET
    @Path("hello")
    @Produces(MediaType.TEXT_PLAIN)
    @RunOnVirtualThread
    public String hello() {
        return "Hello, World!";
    }

    @GET
    @Path("json")
    @Produces(MediaType.APPLICATION_JSON)
    @RunOnVirtualThread
    public Greeting json() {
        return new Greeting("Hello, World!");
    }

    @GET
    @Path("blocking")
    @Produces(MediaType.TEXT_PLAIN)
    @RunOnVirtualThread
    public String blocking() throws InterruptedException {
        Thread.sleep(20);
        return "Hello, World!";
    }

    @GET
    @Path("loop/hello")
    @Produces(MediaType.TEXT_PLAIN)
    @NonBlocking
    public String loopHello() {
        return "Hello, World!";
    }

    @GET
    @Path("loop/json")
    @Produces(MediaType.APPLICATION_JSON)
    @NonBlocking
    public Greeting loopJson() {
        return new Greeting("Hello, World!");
    }
}
