package dev.sot.server;

import java.util.ArrayList;
import java.util.List;

/**
 * One statement of a Cypher file.
 *
 * @param text from its first character that is neither blank nor comment up to its semicolon
 * @param line line of that first character in the file, from 1
 * @param column column of that first character, from 1
 */
record Statement(String text, int line, int column) {

    /**
     * Splits a script at its semicolons, which do not count inside strings, quoted names and
     * comments. Statements without anything but comments are left out. A string that is not closed
     * extends to the end, where the database refuses it with a better message than could be given
     * here.
     *
     * @param script Cypher with {@code //} and {@code /*} comments
     * @throws UsageException when a comment is not closed: it would silently hide the rest
     */
    static List<Statement> split(String script) {
        List<Statement> statements = new ArrayList<>();
        int start = -1;
        int i = 0;
        while (i < script.length()) {
            char c = script.charAt(i);
            int next = i + 1;
            boolean content = !Character.isWhitespace(c);
            if (c == '\'' || c == '"') {
                next = afterString(script, i);
            } else if (c == '`') {
                next = after(script, "`", i + 1);
            } else if (script.startsWith("//", i)) {
                next = after(script, "\n", i + 2);
                content = false;
            } else if (script.startsWith("/*", i)) {
                if (script.indexOf("*/", i + 2) < 0) {
                    throw new UsageException(
                            "The comment that begins in line "
                                    + lineOf(script, i)
                                    + " is not closed.");
                }
                next = after(script, "*/", i + 2);
                content = false;
            } else if (c == ';') {
                add(statements, script, start, i);
                start = -1;
                content = false;
            }
            if (content && start < 0) {
                start = i;
            }
            i = next;
        }
        add(statements, script, start, script.length());
        return statements;
    }

    private static void add(List<Statement> statements, String script, int start, int end) {
        if (start >= 0) {
            int column = start - script.substring(0, start).lastIndexOf('\n');
            statements.add(
                    new Statement(
                            script.substring(start, end).strip(), lineOf(script, start), column));
        }
    }

    private static int lineOf(String script, int at) {
        return 1 + (int) script.substring(0, at).chars().filter(c -> c == '\n').count();
    }

    private static int afterString(String script, int open) {
        for (int i = open + 1; i < script.length(); i++) {
            char c = script.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == script.charAt(open)) {
                return i + 1;
            }
        }
        return script.length();
    }

    private static int after(String script, String close, int from) {
        int found = script.indexOf(close, from);
        return found < 0 ? script.length() : found + close.length();
    }
}
