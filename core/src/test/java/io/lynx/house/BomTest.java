package io.lynx.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The BOM has no parent that users would inherit, so it repeats versions of the root; they must be the same ones. */
class BomTest {
    @ParameterizedTest
    @CsvSource({
        "com.fasterxml.jackson.core, jackson-annotations, jackson-annotations.version",
        "com.fasterxml.jackson, jackson-bom, jackson2.version",
        "tools.jackson, jackson-bom, jackson.version",
        "com.zaxxer, HikariCP, hikari.version",
        "ch.qos.logback, logback-classic, logback.version",
        "ch.qos.logback, logback-core, logback.version",
        "io.vertx, vertx-core, vertx.version",
        "io.netty, netty-bom, netty.version",
        "org.slf4j, slf4j-bom, slf4j.version",
        "io.prometheus, prometheus-metrics-bom, prometheus-client.version",
        "io.micrometer, micrometer-bom, micrometer.version",
        "io.opentelemetry, opentelemetry-bom, opentelemetry.version",
    })
    void managesTheVersionsOfTheBuild(String group, String artifact, String property) throws IOException {
        String managed = find(
                "../bom/pom.xml",
                "<groupId>" + Pattern.quote(group) + "</groupId>\\s*<artifactId>" + Pattern.quote(artifact)
                        + "</artifactId>\\s*<version>([^<]+)</version>");

        assertThat(managed).isEqualTo(find("../pom.xml", "<" + Pattern.quote(property) + ">([^<]+)</"));
    }

    private static String find(String file, String pattern) throws IOException {
        Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(Path.of(file)));
        assertThat(matcher.find()).as("%s in %s", pattern, file).isTrue();
        return matcher.group(1);
    }
}
