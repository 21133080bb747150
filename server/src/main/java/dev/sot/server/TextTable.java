package dev.sot.server;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** A table for people: columns as wide as their content, numbers to the right, long cells cut. */
public final class TextTable {
    private static final int WIDEST = 48;
    private static final String GAP = "  ";

    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();
    private final int[] widths;
    private final boolean[] numeric;

    /**
     * @param header names of the columns
     */
    public TextTable(List<String> header) {
        this.header = List.copyOf(header);
        widths = header.stream().mapToInt(String::length).toArray();
        numeric = new boolean[header.size()];
        java.util.Arrays.fill(numeric, true);
    }

    /**
     * Adds a row.
     *
     * @param cells one value for each column; strings as they are, others as JSON
     */
    public void add(List<?> cells) {
        List<String> row = new ArrayList<>();
        for (int i = 0; i < header.size(); i++) {
            Object cell = cells.get(i);
            String text = cell instanceof String string ? string : JsonRows.value(cell);
            text = text.replaceAll("\\s+", " ");
            if (text.length() > WIDEST) {
                text = text.substring(0, WIDEST - 1) + "…";
            }
            widths[i] = Math.max(widths[i], text.length());
            numeric[i] &= cell == null || cell instanceof Number;
            row.add(text);
        }
        rows.add(row);
    }

    /** Prints the table in columns of fixed width. */
    public void print(PrintStream out) {
        print(out, header);
        List<String> rule = new ArrayList<>();
        for (int width : widths) {
            rule.add("-".repeat(width));
        }
        print(out, rule);
        rows.forEach(row -> print(out, row));
    }

    /** Prints the table in Markdown. */
    public void printMarkdown(PrintStream out) {
        printMarkdown(out, header);
        List<String> rule = new ArrayList<>();
        for (boolean number : numeric) {
            rule.add(number ? "--:" : "---");
        }
        printMarkdown(out, rule);
        rows.forEach(row -> printMarkdown(out, row));
    }

    private static void printMarkdown(PrintStream out, List<String> cells) {
        out.println("| " + String.join(" | ", cells) + " |");
    }

    private void print(PrintStream out, List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            String pad = " ".repeat(widths[i] - cell.length());
            line.append(i == 0 ? "" : GAP).append(numeric[i] ? pad + cell : cell + pad);
        }
        out.println(line.toString().stripTrailing());
    }
}
