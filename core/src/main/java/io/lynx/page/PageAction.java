package io.lynx.page;

import java.util.regex.Pattern;

/**
 * A change that an operator may make on a page, such as "run now". Actions need the same permission as every other change
 * under {@code /debug/} and leave an audit line. Immutable.
 *
 * @param name identifies the action on its page and stands in its URL: lower-case letters, digits and dashes
 * @param label the text of its button
 * @param isPerRow whether it applies to one row; otherwise it applies to the whole page
 * @param handler runs it
 */
public record PageAction(String name, String label, boolean isPerRow, PageActionHandler handler) {
    static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    /**
     * Creates an action.
     *
     * @throws IllegalArgumentException if the name is malformed
     */
    public PageAction {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("page action: '" + name
                    + "' is not a name; write lower-case letters and digits in parts joined by single dashes");
        }
    }
}
