package io.forebay.examples.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Aligned columns, as wide as their content needs and together at most as wide as the terminal.
 *
 * <p>Where room is short, the widest of the columns that may be cut give way first; where that does not suffice, columns are
 * left out from the right. Nothing is cut where the width is unlimited.
 */
final class Table {

    private static final int GAP = 2;
    private static final int NARROWEST = 8;
    private static final String CUT = "…";

    /** A column's heading, and whether its values may be cut. */
    record Column(String title, boolean mayBeCut) {}

    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    Table(List<Column> columns) {
        this.columns = List.copyOf(columns);
        rows.add(this.columns.stream().map(Column::title).toList());
    }

    /** Adds a row, one value for each column. Control characters become blanks, so that a row stays a line. */
    void add(List<String> values) {
        if (values.size() != columns.size()) {
            throw new IllegalArgumentException("values=" + values.size() + " for columns=" + columns.size());
        }
        rows.add(values.stream()
                .map(value -> value.replaceAll("\\p{Cntrl}", " "))
                .toList());
    }

    /** The lines of the table, heading first, each at most {@code width} characters long. */
    List<String> lines(int width) {
        int[] widths = fit(width);
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private int[] fit(int available) {
        int[] widths = needed();
        int shown = columns.size();
        while (shown > 1 && narrowest(widths, shown) > available) {
            shown--;
        }
        widths = Arrays.copyOf(widths, shown);
        while (total(widths) > available && cutWidest(widths)) {
            // one character narrower each time
        }
        return widths;
    }

    private int[] needed() {
        int[] widths = new int[columns.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return widths;
    }

    private int narrowest(int[] widths, int shown) {
        int sum = (shown - 1) * GAP;
        for (int i = 0; i < shown; i++) {
            sum += columns.get(i).mayBeCut() ? Math.min(widths[i], NARROWEST) : widths[i];
        }
        return sum;
    }

    private static int total(int[] widths) {
        return Arrays.stream(widths).sum() + (widths.length - 1) * GAP;
    }

    /** Takes a character from the widest column that may be cut; false if none can give any. */
    private boolean cutWidest(int[] widths) {
        int widest = -1;
        for (int i = 0; i < widths.length; i++) {
            if (columns.get(i).mayBeCut() && widths[i] > NARROWEST && (widest < 0 || widths[i] > widths[widest])) {
                widest = i;
            }
        }
        if (widest >= 0) {
            widths[widest]--;
        }
        return widest >= 0;
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String value = row.get(i);
            String cell = value.length() <= widths[i] ? value : value.substring(0, widths[i] - 1) + CUT;
            line.append(cell).append(" ".repeat(widths[i] - cell.length() + GAP));
        }
        return line.toString().stripTrailing();
    }
}
