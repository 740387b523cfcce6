package io.lynx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class ProjectTemplateTest {
    @TempDir
    private Path folder;

    private Path project;

    @BeforeEach
    void write() throws IOException {
        System.setProperty("lynx.version", "1.2.3");
        project = folder.resolve("project");
        ProjectTemplate template = ProjectTemplate.load();
        template.write(new NewProject("greeter", "org.acme", "org.acme.greeter", project, template.plugins()));
    }

    @AfterEach
    void clearVersion() {
        System.clearProperty("lynx.version");
    }

    @Test
    void compilesWithoutAWarning() throws IOException {
        List<Path> sources;
        try (Stream<Path> files = Files.walk(project.resolve("src"))) {
            sources = files.filter(file -> file.toString().endsWith(".java")).toList();
        }
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
        StringWriter messages = new StringWriter();
        boolean isCompiled;
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            isCompiled = compiler.getTask(
                            messages,
                            files,
                            null,
                            List.of(
                                    "-d",
                                    folder.toString(),
                                    "-cp",
                                    classPath(),
                                    "-Xlint:all,-processing,-classfile",
                                    "-Werror",
                                    "-proc:none"),
                            null,
                            files.getJavaFileObjectsFromPaths(sources))
                    .call();
        }

        assertThat(sources).hasSizeGreaterThan(3);
        assertThat(messages.toString()).isEmpty();
        assertThat(isCompiled).isTrue();
    }

    @Test
    void givesTheServiceTheTimeToShutDown() throws IOException {
        Map<?, ?> pod = map(map(map(yaml("kubernetes.yml").getFirst(), "spec"), "template"), "spec");
        Map<?, ?> container = (Map<?, ?>) ((List<?>) Objects.requireNonNull(pod.get("containers"))).getFirst();

        // The default of lynx.shutdown.timeout is 30s, of which the drain delay is a part.
        assertThat((Integer) pod.get("terminationGracePeriodSeconds")).isGreaterThan(30);
        assertThat(List.of("startupProbe", "livenessProbe", "readinessProbe"))
                .extracting(probe -> path(container, probe))
                .containsExactly("/health/started", "/health/live", "/health/ready");
    }

    @Test
    void leavesTheServiceTheTimeToReportAStartThatHangs() throws IOException {
        Map<?, ?> pod = map(map(map(yaml("kubernetes.yml").getFirst(), "spec"), "template"), "spec");
        Map<?, ?> container = (Map<?, ?>) ((List<?>) Objects.requireNonNull(pod.get("containers"))).getFirst();
        Map<?, ?> probe = map(container, "startupProbe");

        int period = (Integer) Objects.requireNonNull(probe.get("periodSeconds"));
        int failures = (Integer) Objects.requireNonNull(probe.get("failureThreshold"));

        // The default of lynx.startup.timeout is 60s.
        assertThat(period * failures).isGreaterThanOrEqualTo(65);
    }

    @Test
    void writesAValidConfiguration() throws IOException {
        Map<?, ?> lynx = map(yaml("src/main/resources/config.yml").getFirst(), "lynx");

        assertThat(map(lynx, "application").get("name")).isEqualTo("greeter");
        assertThat(lynx.containsKey("micrometer")).isTrue();
        assertThat(lynx.containsKey("opentelemetry")).isTrue();
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private List<Map<?, ?>> yaml(String file) throws IOException {
        List<Map<?, ?>> documents = new ArrayList<>();
        Iterable<Object> loaded =
                new Load(LoadSettings.builder().build()).loadAllFromString(Files.readString(project.resolve(file)));
        StreamSupport.stream(loaded.spliterator(), false).forEach(document -> documents.add((Map<?, ?>) document));
        return documents;
    }

    private static String path(Map<?, ?> container, String probe) {
        return String.valueOf(map(map(container, probe), "httpGet").get("path"));
    }

    private static Map<?, ?> map(Map<?, ?> parent, String key) {
        return (Map<?, ?>) Objects.requireNonNull(parent.get(key), key);
    }
}
