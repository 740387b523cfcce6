package io.lynx.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Checks the pages against each other. */
class DocumentationTest {
    private static final Path ROOT =
            Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(#[^)]*)?\\)");

    @Test
    void everyLinkLeadsToAFile() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path page : pages()) {
            Matcher link = LINK.matcher(Files.readString(page));
            while (link.find()) {
                if (!Files.exists(page.resolveSibling(link.group(1)))) {
                    broken.add(ROOT.relativize(page) + " → " + link.group(1));
                }
            }
        }

        assertThat(broken).isEmpty();
    }

    @Test
    void theIndexLinksToEveryPage() throws IOException {
        Path docs = ROOT.resolve("docs");
        String index = Files.readString(docs.resolve("README.md"));

        assertThat(pages().stream()
                        .filter(page -> page.startsWith(docs) && !page.startsWith(docs.resolve("runbooks")))
                        .map(page -> docs.relativize(page).toString())
                        .filter(page -> !page.equals("README.md") && !index.contains("](" + page + ")")))
                .isEmpty();
    }

    private static List<Path> pages() throws IOException {
        return SnippetsTest.files(".md");
    }
}
