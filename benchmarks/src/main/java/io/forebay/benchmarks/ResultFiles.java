package io.forebay.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.svg.SVGGraphics2D;

/** Writes result rows as JSON, as a picture and as a Markdown table. */
public final class ResultFiles {
    private static final int WIDTH = 1000;
    private static final int ROW_HEIGHT = 46;
    private static final int MARGIN_HEIGHT = 120;

    private ResultFiles() {}

    /** Writes a JSON list with one object per row. */
    public static void writeJson(Path file, List<ResultRow> rows) throws IOException {
        new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .addMixIn(ResultRow.class, WithoutDerived.class)
                .writeValue(file.toFile(), rows);
    }

    private interface WithoutDerived {
        @com.fasterxml.jackson.annotation.JsonIgnore
        boolean reached();
    }

    /** Draws ratio and goal of every row as bars on a logarithmic axis. */
    public static void writeChart(Path file, String title, List<ResultRow> rows) throws IOException {
        DefaultCategoryDataset data = new DefaultCategoryDataset();
        for (ResultRow row : rows) {
            String label = row.workload() + " / " + row.against();
            data.addValue(row.ratio(), "measured", label);
            data.addValue(row.goal() == ResultRow.NO_GOAL ? null : row.goal(), "goal", label);
        }
        JFreeChart chart = ChartFactory.createBarChart(
                title, "", "times the peer (logarithmic)", data, PlotOrientation.HORIZONTAL, true, false, false);
        CategoryPlot plot = chart.getCategoryPlot();
        LogAxis axis = new LogAxis("times the peer (logarithmic)");
        axis.setStandardTickUnits(NumberAxis.createIntegerTickUnits());
        axis.setSmallestValue(0.1);
        plot.setRangeAxis(axis);
        plot.getDomainAxis().setMaximumCategoryLabelLines(2);
        plot.getDomainAxis().setMaximumCategoryLabelWidthRatio(0.5f);
        BarRenderer renderer = (BarRenderer) plot.getRenderer();
        renderer.setBarPainter(new StandardBarPainter());
        renderer.setShadowVisible(false);
        int height = MARGIN_HEIGHT + ROW_HEIGHT * rows.size();
        SVGGraphics2D graphics = new SVGGraphics2D(WIDTH, height);
        chart.draw(graphics, new java.awt.geom.Rectangle2D.Double(0, 0, WIDTH, height));
        Files.writeString(file, graphics.getSVGDocument());
    }

    /** The rows as a Markdown table. */
    public static String table(List<ResultRow> rows) {
        StringBuilder table = new StringBuilder("| workload | against | ours | peer | unit | ratio | goal | lost |\n"
                + "| --- | --- | ---: | ---: | --- | ---: | ---: | ---: |\n");
        for (ResultRow row : rows) {
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %s | %s | %s%.2f | %s | %d |%n",
                    row.workload(),
                    row.against(),
                    figure(row.ours()),
                    figure(row.peer()),
                    row.unit(),
                    row.reached() ? "" : "**missed** ",
                    row.ratio(),
                    row.goal() == ResultRow.NO_GOAL ? "–" : String.format(Locale.ROOT, "%.2f", row.goal()),
                    row.lost()));
        }
        return table.toString();
    }

    private static String figure(double value) {
        return String.format(Locale.ROOT, value >= 1000 ? "%,.0f" : "%.2f", value);
    }
}
