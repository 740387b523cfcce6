package io.lynx.context;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The header {@code tracestate} (W3C Trace Context, 3.3), with the limits of the specification. Stateless. */
final class TraceState {
    private static final int MOST_MEMBERS = 32;
    private static final int LONGEST_KEY = 256;
    private static final int LONGEST_VALUE = 256;
    /** What is passed on at most; members above the second limit are the first to go. */
    private static final int LONGEST = 512;

    private static final int LARGE_MEMBER = 128;
    /** What is read at most. */
    private static final int LONGEST_INPUT = 8192;

    private TraceState() {}

    static boolean isValid(String state) {
        return state.isEmpty() || members(List.of(state)) != null;
    }

    /** Returns the headers as one, shortened to the limit by whole members; null if they are malformed. */
    static @Nullable String combined(List<String> headers) {
        List<String> members = members(headers);
        if (members == null) {
            return null;
        }
        int length = length(members);
        for (int i = members.size() - 1; i >= 0 && length > LONGEST; i--) {
            if (members.get(i).length() > LARGE_MEMBER) {
                length -= members.remove(i).length() + 1;
            }
        }
        while (length > LONGEST) {
            length -= members.removeLast().length() + 1;
        }
        return String.join(",", members);
    }

    private static int length(List<String> members) {
        int length = Math.max(0, members.size() - 1);
        for (String member : members) {
            length += member.length();
        }
        return length;
    }

    private static @Nullable List<String> members(List<String> headers) {
        List<String> members = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        int read = 0;
        for (String header : headers) {
            read += header.length();
            if (read > LONGEST_INPUT) {
                return null;
            }
            for (String part : header.split(",", -1)) {
                String member = Baggage.trimmed(part);
                if (member.isEmpty()) {
                    continue;
                }
                int equals = member.indexOf('=');
                if (equals <= 0
                        || members.size() == MOST_MEMBERS
                        || !isKey(member.substring(0, equals))
                        || !isValue(member.substring(equals + 1))
                        || !keys.add(member.substring(0, equals))) {
                    return null;
                }
                members.add(member);
            }
        }
        return members;
    }

    private static boolean isKey(String key) {
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            boolean isFirst = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (!isFirst && (i == 0 || "_-*/@".indexOf(c) < 0)) {
                return false;
            }
        }
        return key.length() <= LONGEST_KEY;
    }

    private static boolean isValue(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c > '~' || c == '=') {
                return false;
            }
        }
        return !value.isEmpty() && value.length() <= LONGEST_VALUE;
    }
}
