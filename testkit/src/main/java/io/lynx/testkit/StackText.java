package io.lynx.testkit;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Shortens stacks to the frames that name the culprit: those from the first one outside the JDK. Stateless. */
final class StackText {
    private static final int FRAMES = 4;
    private static final List<String> JDK = List.of("java.", "javax.", "jdk.", "sun.");

    private StackText() {}

    static String of(StackTraceElement... stack) {
        if (stack.length == 0) {
            return "at no frame, since its thread has ended";
        }
        String text = Arrays.stream(stack)
                .dropWhile(frame -> isOfTheJdk(frame.getClassName()))
                .takeWhile(frame -> !isOfTheJdk(frame.getClassName()))
                .limit(FRAMES)
                .map(StackText::of)
                .collect(Collectors.joining(" < "));
        return "at " + (text.isEmpty() ? of(stack[0]) : text);
    }

    /** Leaves out the loader and the module, which do not help to find the line. */
    private static String of(StackTraceElement frame) {
        String line = frame.getLineNumber() < 0 ? "" : ":" + frame.getLineNumber();
        return frame.getClassName() + "." + frame.getMethodName() + "(" + frame.getFileName() + line + ")";
    }

    /** Returns a clause for the lines of a report, each of which begins with {@code at}; empty if there are none. */
    static String ofLines(List<String> lines) {
        String text = lines.stream()
                .map(line -> line.startsWith("at ") ? line.substring(3) : line)
                .dropWhile(line -> isOfTheJdk(line.substring(line.indexOf('/') + 1)))
                .limit(FRAMES)
                .collect(Collectors.joining(" < "));
        return text.isEmpty() ? "" : ", at " + text;
    }

    static boolean isOfTheJdk(String className) {
        return JDK.stream().anyMatch(className::startsWith);
    }
}
