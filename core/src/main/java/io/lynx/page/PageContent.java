package io.lynx.page;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a page or panel shows at one moment: a titled table with actions. Immutable.
 *
 * @param title the heading
 * @param columns the headings of the columns
 * @param rows the rows, each with one cell for each column
 * @param actions what an operator may do here
 */
public record PageContent(String title, List<String> columns, List<PageRow> rows, List<PageAction> actions) {
    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if a row has another number of cells than there are columns, or two actions have the
     *     same name
     */
    public PageContent {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
        actions = List.copyOf(actions);
        for (PageRow row : rows) {
            if (row.cells().size() != columns.size()) {
                throw new IllegalArgumentException("page '" + title + "': row '" + row.id() + "' has "
                        + row.cells().size() + " cells; there are " + columns.size() + " columns");
            }
        }
        if (actions.stream().map(PageAction::name).distinct().count() < actions.size()) {
            throw new IllegalArgumentException("page '" + title + "': two actions have the same name; "
                    + actions.stream().map(PageAction::name).toList());
        }
    }

    /** Returns a builder of content with this title. */
    public static Builder builder(String title) {
        return new Builder(title);
    }

    /** Collects the content. Not thread-safe. */
    public static final class Builder {
        private final String title;
        private List<String> columns = List.of();
        private final List<PageRow> rows = new ArrayList<>();
        private final List<PageAction> actions = new ArrayList<>();

        private Builder(String title) {
            this.title = title;
        }

        /** Sets the headings of the columns. */
        public Builder columns(String... headings) {
            this.columns = List.of(headings);
            return this;
        }

        /**
         * Adds a row.
         *
         * @param id identifies the row for actions
         * @param cells a value for each column
         */
        public Builder row(String id, @Nullable Object... cells) {
            rows.add(PageRow.of(id, cells));
            return this;
        }

        /** Adds an action that applies to the whole page. */
        public Builder action(String name, String label, PageActionHandler handler) {
            actions.add(new PageAction(name, label, false, handler));
            return this;
        }

        /** Adds an action that applies to one row. */
        public Builder rowAction(String name, String label, PageActionHandler handler) {
            actions.add(new PageAction(name, label, true, handler));
            return this;
        }

        /**
         * Returns the content.
         *
         * @throws IllegalArgumentException if a row has another number of cells than there are columns, or two actions have
         *     the same name
         */
        public PageContent build() {
            return new PageContent(title, columns, rows, actions);
        }
    }
}
