package dev.sot.transport.match.baseline;

import java.util.Arrays;
import java.util.List;

/**
 * Sparse rows turned over: for each column, which rows have an entry there, and which. Memory 12
 * bytes an entry and 4 a column.
 */
final class SparseRows {

    private final int[] begin;
    private final int[] row;
    private final double[] value;

    /**
     * Turns rows over.
     *
     * @param columns for each row the columns of its entries
     * @param values for each row its entries
     */
    SparseRows(List<int[]> columns, List<double[]> values) {
        int count = 1 + columns.stream().flatMapToInt(Arrays::stream).max().orElse(-1);
        begin = new int[count + 1];
        for (int[] ofRow : columns) {
            for (int column : ofRow) {
                begin[column + 1]++;
            }
        }
        for (int c = 0; c < count; c++) {
            begin[c + 1] = Math.addExact(begin[c], begin[c + 1]);
        }
        row = new int[begin[count]];
        value = new double[begin[count]];
        int[] next = Arrays.copyOf(begin, count);
        for (int r = 0; r < columns.size(); r++) {
            for (int i = 0; i < columns.get(r).length; i++) {
                int at = next[columns.get(r)[i]]++;
                row[at] = r;
                value[at] = values.get(r)[i];
            }
        }
    }

    /** The first entry of a column. */
    int begin(int column) {
        return column + 1 < begin.length ? begin[column] : row.length;
    }

    /** The end of its entries. */
    int end(int column) {
        return column + 1 < begin.length ? begin[column + 1] : row.length;
    }

    /** The row of an entry. */
    int row(int entry) {
        return row[entry];
    }

    /** An entry's value. */
    double value(int entry) {
        return value[entry];
    }
}
