package io.lynx.config;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds the name that a misspelled one probably means, by optimal string alignment (Damerau-Levenshtein with adjacent
 * swaps). Thread-safe.
 */
public final class Suggestions {
    private static final int LONGEST = 100;

    private Suggestions() {}

    /** Returns the candidate closest to {@code word}; null if none is within one edit for every three letters. */
    public static @Nullable String closest(String word, Collection<String> candidates) {
        String wanted = plain(word);
        int allowed = Math.max(1, wanted.length() / 3);
        @Nullable String best = null;
        int least = allowed + 1;
        if (wanted.length() <= LONGEST) {
            for (String candidate : candidates) {
                int distance = distance(wanted, plain(candidate), least);
                if (distance < least) {
                    least = distance;
                    best = candidate;
                }
            }
        }
        return best;
    }

    /** Returns {@code word} in lower case without dashes and underscores. */
    static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }

    /** Returns the number of inserted, deleted, replaced and swapped letters, at most {@code limit}. */
    static int distance(String left, String right, int limit) {
        if (Math.abs(left.length() - right.length()) >= limit) {
            return limit;
        }
        int[] beforeLast = new int[right.length() + 1];
        int[] last = new int[right.length() + 1];
        int[] row = new int[right.length() + 1];
        for (int j = 0; j <= right.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int same = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + same);
                if (i > 1
                        && j > 1
                        && left.charAt(i - 1) == right.charAt(j - 2)
                        && left.charAt(i - 2) == right.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return Math.min(last[right.length()], limit);
    }
}
