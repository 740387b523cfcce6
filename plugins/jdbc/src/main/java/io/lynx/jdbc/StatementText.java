package io.lynx.jdbc;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What can be read from the text of a statement: a name with few distinct values, and whether it only reads. A comment in front of the
 * statement with nothing but a name, such as {@code orders.find}, gives the name. Otherwise it is the first keyword and the first table,
 * such as {@code SELECT orders}.
 *
 * @param name the name
 * @param isRead whether the statement only reads
 */
record StatementText(String name, boolean isRead) {
    private static final int LONGEST_NAME = 80;
    private static final int LONGEST_SHOWN = 2_000;

    private static final Pattern GIVEN = Pattern.compile("\\s*/\\*\\s*([A-Za-z0-9_.:-]{1,60})\\s*\\*/");
    private static final Pattern COMMENT = Pattern.compile("\\s*(?:/\\*(?s:.*?)\\*/|--[^\\n]*\\n?)");
    private static final Pattern KEYWORD = Pattern.compile("[\\s(]*([A-Za-z]+)");
    private static final Pattern TABLE =
            Pattern.compile("\\b(?:FROM|INTO|UPDATE|TABLE|JOIN|MERGE)\\s+([\\w.\"`]+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern CHANGES =
            Pattern.compile("\\b(?:INSERT|UPDATE|DELETE|MERGE|INTO)\\b", Pattern.CASE_INSENSITIVE);
    private static final Set<String> READS = Set.of("SELECT", "SHOW", "VALUES", "EXPLAIN", "TABLE");
    /** Texts in single or dollar quotes, and numbers that are not part of a name. */
    private static final Pattern VALUES =
            Pattern.compile("'[^']*+'?|\\$(\\w*)\\$(?s:.*?)\\$\\1\\$|(?<![\\w.$])\\d+(?:\\.\\d+)?(?![\\w])");

    /** Reads the name and the kind of a statement. */
    static StatementText of(String sql) {
        Matcher given = GIVEN.matcher(sql);
        String name = given.lookingAt() ? given.group(1) : "";
        String text = withoutComments(sql);
        Matcher keyword = KEYWORD.matcher(text);
        String verb = keyword.lookingAt() ? keyword.group(1).toUpperCase(Locale.ROOT) : "other";
        boolean isRead = verb.equals("WITH") ? !CHANGES.matcher(text).find() : READS.contains(verb);
        if (name.isEmpty()) {
            Matcher table = TABLE.matcher(text);
            name = table.find()
                    ? verb + " " + table.group(1).replaceAll("[\"`]", "").toLowerCase(Locale.ROOT)
                    : verb;
        }
        return new StatementText(name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name, isRead);
    }

    private static String withoutComments(String sql) {
        Matcher comment = COMMENT.matcher(sql);
        int start = 0;
        while (comment.region(start, sql.length()).lookingAt()) {
            start = comment.end();
        }
        return sql.substring(start);
    }

    /** Returns the statement for a log line: on one line, with a question mark in place of each value, and not too long. */
    static String shown(String sql) {
        String text =
                VALUES.matcher(sql).replaceAll("?").replaceAll("\\s+", " ").strip();
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "…";
    }
}
