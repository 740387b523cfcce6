package io.lynx.http.engine.files;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ranges of a file that a request names (RFC 9110, 14.1.2 and 14.2). A header that is malformed, names more than 16 ranges or,
 * since ranges overlap, names more bytes than the file has, is ignored: the whole file is the cheaper answer then.
 *
 * @param ranges those that the file has; empty if it has none of them
 */
record ByteRanges(List<ByteRange> ranges) {
    private static final int MOST = 16;
    private static final int MOST_DIGITS = 18;

    /** A range; both ends are part of it. */
    record ByteRange(long first, long last) {
        long length() {
            return last - first + 1;
        }

        /** Returns the value of {@code Content-Range}. */
        String of(long size) {
            return "bytes " + first + "-" + last + "/" + size;
        }
    }

    /** Returns the ranges of a file of that size; null if the header is to be ignored. */
    static @Nullable ByteRanges parse(String header, long size) {
        String text = header.trim();
        if (!text.regionMatches(true, 0, "bytes=", 0, 6)) {
            return null;
        }
        List<ByteRange> ranges = new ArrayList<>(1);
        long total = 0;
        int count = 0;
        int from = 6;
        while (from <= text.length()) {
            int comma = text.indexOf(',', from);
            int end = comma < 0 ? text.length() : comma;
            String spec = text.substring(from, end).trim();
            from = end + 1;
            if (!spec.isEmpty()) {
                count++;
                ByteRange range = range(spec, size);
                if (range == null || count > MOST) {
                    return null;
                }
                if (range.length() > 0) {
                    ranges.add(range);
                    total += range.length();
                }
            }
        }
        boolean isExcessive = count == 0 || (ranges.size() > 1 && total > size);
        return isExcessive ? null : new ByteRanges(List.copyOf(ranges));
    }

    /** Returns a range, one without bytes if the file does not have it; null if it is malformed. */
    private static @Nullable ByteRange range(String spec, long size) {
        int dash = spec.indexOf('-');
        if (dash < 0) {
            return null;
        }
        String left = spec.substring(0, dash).trim();
        String right = spec.substring(dash + 1).trim();
        if (left.isEmpty()) {
            long suffix = number(right);
            return suffix < 0 ? null : new ByteRange(Math.max(0, size - suffix), size - 1);
        }
        long first = number(left);
        long last = right.isEmpty() ? Long.MAX_VALUE : number(right);
        if (first < 0 || last < first) {
            return null;
        }
        return first >= size ? new ByteRange(0, -1) : new ByteRange(first, Math.min(last, size - 1));
    }

    /** Returns the number; the largest one if it has too many digits, -1 if it is malformed. */
    private static long number(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return -1;
            }
        }
        if (text.isEmpty()) {
            return -1;
        }
        return text.length() > MOST_DIGITS ? Long.MAX_VALUE : Long.parseLong(text);
    }
}
