package io.lynx.benchmarks.http;

import io.lynx.benchmarks.harness.Child;
import io.lynx.benchmarks.harness.Machine;
import io.lynx.benchmarks.harness.Options;
import io.lynx.benchmarks.harness.Program;
import io.lynx.benchmarks.http.VariantLoad.Variant;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Measures what it costs to know the caller: a service without the usual interceptors, with them (access log, CORS, security headers),
 * with them and a JWT that was verified before, and with them and a JWT that is verified for each request (RS256). All of them receive the
 * same token. Options: those of {@link VariantLoad}, and {@code --path} (/hello).
 */
public final class SecurityHarness {
    private static final String HEAP = "-Xmx512m";

    private SecurityHarness() {}

    /** Runs it. */
    public static void main(String[] args) throws InterruptedException, IOException {
        Options options = Options.of(args, "rounds", "slices", "seconds", "warmup", "path");
        String path = options.text("path", "/hello");
        try (TokenIssuer issuer = new TokenIssuer()) {
            VariantLoad load = new VariantLoad(
                    options,
                    Wrk.with(List.of("Authorization: Bearer " + issuer.token())),
                    program -> Child.start(program, HEAP),
                    programs(issuer).map(program -> new Variant(program, path)).toList());
            load.run();
            System.out.println(Machine.describe());
            load.print("Callers, " + path);
        }
    }

    private static Stream<Program> programs(TokenIssuer issuer) {
        String[] usual = {
            "--lynx.http.access_log=json",
            "--lynx.http.cors.allowed_origins=https://shop.example",
            "--lynx.http.security_headers.enabled=true"
        };
        String[] secured = {
            "--lynx.security.issuers.main.issuer=" + issuer.url(),
            "--lynx.security.issuers.main.jwks_url=" + issuer.url() + "/keys",
            "--lynx.security.issuers.main.audiences=benchmark"
        };
        return Stream.of(
                Program.service("none", GreetingService.class),
                Program.service("usual interceptors", GreetingService.class).with(usual),
                Program.service("usual, JWT", GreetingService.class).with(usual).with(secured),
                Program.service("usual, JWT verified each time", GreetingService.class)
                        .with(usual)
                        .with(secured)
                        .with("--lynx.security.cache_time=0s"));
    }
}
