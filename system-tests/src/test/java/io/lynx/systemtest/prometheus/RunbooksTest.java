package io.lynx.systemtest.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.process.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The runbooks speak of alerts, endpoints, keys and panels that there are. */
final class RunbooksTest {
    private static final Pattern ENDPOINT = Pattern.compile("localhost:9090(/[^\\s`'\"?]+)");
    private static final Pattern KEY = Pattern.compile("\\b(lynx\\.[a-z_]+)\\.(?:[a-z_<>]+\\.)*([a-z_]+)\\b");
    private static final Pattern PANELS = Pattern.compile("\\*Lynx / ([^*]+)\\*");

    private final String guide = Stream.of("docs/guide", "docs/reference")
            .flatMap(folder -> Folders.files(Ops.ROOT.resolve(folder), ".md").stream())
            .map(Ops::read)
            .collect(Collectors.joining("\n"));

    @Test
    void everyAlertHasAPage() {
        String index = Ops.read(Ops.RUNBOOKS.resolve("README.md"));

        assertThat(pages().map(page -> page.getFileName().toString()))
                .containsExactlyInAnyOrderElementsOf(Rules.shipped().alerts().stream()
                        .map(alert -> alert.name() + ".md")
                        .toList());
        assertThat(Rules.shipped().alerts()).allSatisfy(alert -> {
            assertThat(index)
                    .contains("| [" + alert.name() + "](" + alert.name() + ".md) | "
                            + alert.labels().get("severity") + " |");
            assertThat(Ops.read(Ops.RUNBOOKS.resolve(alert.name() + ".md")))
                    .startsWith("# " + alert.name() + "\n")
                    .containsIgnoringCase("\n" + alert.labels().get("severity") + ": ")
                    .contains("\n## Meaning\n", "\n## Impact\n", "\n## Diagnosis\n")
                    .contains("\n## Mitigation\n", "\n## False positives\n");
        });
    }

    @Test
    void everyEndpointIsInTheGuide() {
        assertThat(pages()).allSatisfy(page -> assertThat(ENDPOINT.matcher(Ops.read(page))
                        .results()
                        .map(found -> found.group(1).replaceAll("<(id|name)>", "{$1}"))
                        .filter(path -> !path.equals("/metrics") && !path.equals("/…")))
                .allSatisfy(path ->
                        assertThat(guide).containsAnyOf(path + "`", path.replace("{id}", "{name}") + "`", path + " ")));
    }

    @Test
    void everyKeyExists() throws IOException {
        String known = guide + records();

        assertThat(pages())
                .allSatisfy(page -> KEY.matcher(Ops.read(page)).results().forEach(found -> {
                    assertThat(known.contains(found.group(1))).as(found.group()).isTrue();
                    Pattern last = Pattern.compile("\\b(" + found.group(2) + "|" + camelCase(found.group(2)) + ")\\b");
                    assertThat(last.matcher(known).find()).as(found.group()).isTrue();
                }));
    }

    /** The records that configuration is bound to. */
    private static String records() throws IOException {
        try (Stream<Path> files = Files.walk(Ops.ROOT.resolve("core/src/main"))) {
            return files.filter(file -> file.toString().matches(".*(Config|Section)\\.java"))
                    .map(Ops::read)
                    .collect(Collectors.joining("\n"));
        }
    }

    private static String camelCase(String key) {
        return Pattern.compile("_(.)").matcher(key).replaceAll(found -> found.group(1)
                .toUpperCase(Locale.ROOT));
    }

    @Test
    void everyDashboardExists() {
        Set<String> titles =
                Dashboards.shipped().all().stream().map(Dashboard::title).collect(Collectors.toSet());

        List<String> named = pages().flatMap(
                        page -> PANELS.matcher(Ops.read(page)).results())
                .map(found -> "Lynx / " + found.group(1))
                .toList();

        assertThat(named).isNotEmpty().allSatisfy(title -> assertThat(titles).contains(title));
    }

    private static Stream<Path> pages() {
        return Folders.files(Ops.RUNBOOKS, ".md").stream().filter(page -> !page.endsWith("README.md"));
    }
}
