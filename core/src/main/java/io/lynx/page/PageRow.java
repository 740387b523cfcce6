package io.lynx.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of a page. Immutable if its cells are.
 *
 * @param id identifies the row for actions, such as the name of a job
 * @param cells a value for each column: strings, numbers, booleans, {@code Instant}, {@code Duration} and null are shown as
 *     such, anything else by its {@code toString}
 */
public record PageRow(String id, List<? extends @Nullable Object> cells) {
    /** Copies the cells. */
    public PageRow {
        cells = Collections.unmodifiableList(new ArrayList<>(cells));
    }

    /** Returns the row with this id and these cells. */
    static PageRow of(String id, @Nullable Object... cells) {
        return new PageRow(id, Arrays.asList(cells));
    }
}
