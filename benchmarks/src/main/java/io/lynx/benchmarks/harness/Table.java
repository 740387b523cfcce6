package io.lynx.benchmarks.harness;

import java.util.ArrayList;
import java.util.List;

/** A table of results in Markdown, with its title. Not thread-safe. */
public final class Table {
    private final String title;
    private final List<List<String>> rows = new ArrayList<>();

    /** A table with these columns. */
    public Table(String title, String... columns) {
        this.title = title;
        rows.add(List.of(columns));
    }

    /** Adds a row, its cells as text. */
    public Table row(Object... cells) {
        rows.add(java.util.stream.Stream.of(cells).map(String::valueOf).toList());
        return this;
    }

    /** Writes it to the standard output. */
    public void print() {
        System.out.println("\n### " + title + "\n");
        for (int i = 0; i < rows.size(); i++) {
            System.out.println("| " + String.join(" | ", rows.get(i)) + " |");
            if (i == 0) {
                System.out.println("|" + " --- |".repeat(rows.get(i).size()));
            }
        }
        System.out.flush();
    }
}
