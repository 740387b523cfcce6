package io.lynx.benchmarks.peers.springboot;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The routes on Spring Boot with Spring MVC, on virtual threads: {@code Main --server.port=PORT}. */
@SpringBootApplication
@RestController
public class Main {
    /** The JSON body of an answer. */
    public record Greeting(String message) {}

    public static void main(String[] args) {
        SpringApplication.run(Main.class, args);
    }

    @GetMapping("/hello")
    public String hello() {
        return "Hello, World!";
    }

    @GetMapping("/json")
    public Greeting json() {
        return new Greeting("Hello, World!");
    }

    @GetMapping("/blocking")
    public String blocking() throws InterruptedException {
        Thread.sleep(20);
        return "Hello, World!";
    }
}
