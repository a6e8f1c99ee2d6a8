package io.forebay.benchmarks;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Paint;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.NumberFormat;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItem;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.labels.ItemLabelAnchor;
import org.jfree.chart.labels.ItemLabelPosition;
import org.jfree.chart.labels.StandardCategoryItemLabelGenerator;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.LevelRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.category.CategoryDataset;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.svg.SVGGraphics2D;

/** Draws how rows stand against their peers: one bar each, in another colour where the goal was missed, and a mark at the goal. */
final class ResultChart {
    private static final Color REACHED = new Color(0x2E8B57);
    private static final Color MISSED = new Color(0xC0392B);
    private static final Color GOAL = Color.BLACK;
    private static final int WIDTH = 1100;
    private static final int ROW_HEIGHT = 38;
    private static final int MARGIN_HEIGHT = 130;

    private ResultChart() {}

    /** Writes a picture as SVG; the axis is logarithmic. */
    static void write(Path file, String title, List<ResultRow> rows) throws IOException {
        int height = height(rows);
        SVGGraphics2D graphics = new SVGGraphics2D(WIDTH, height);
        chart(title, rows).draw(graphics, new Rectangle2D.Double(0, 0, WIDTH, height));
        Files.writeString(file, graphics.getSVGDocument());
    }

    static int height(List<ResultRow> rows) {
        return MARGIN_HEIGHT + ROW_HEIGHT * rows.size();
    }

    static JFreeChart chart(String title, List<ResultRow> rows) {
        DefaultCategoryDataset ratios = new DefaultCategoryDataset();
        DefaultCategoryDataset goals = new DefaultCategoryDataset();
        for (ResultRow row : rows) {
            String label = row.workload() + " / " + row.against();
            ratios.addValue(row.ratio(), "ratio", label);
            goals.addValue(row.goal() == ResultRow.NO_GOAL ? null : row.goal(), "goal", label);
        }
        JFreeChart chart =
                ChartFactory.createBarChart(title, "", "", ratios, PlotOrientation.HORIZONTAL, true, false, false);
        CategoryPlot plot = chart.getCategoryPlot();
        plot.setBackgroundPaint(Color.WHITE);
        plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
        plot.setRangeAxis(logarithmicAxis(rows));
        CategoryAxis names = plot.getDomainAxis();
        names.setMaximumCategoryLabelLines(2);
        names.setMaximumCategoryLabelWidthRatio(0.45f);
        plot.setRenderer(0, new Bars(rows));
        plot.setDataset(1, goals);
        plot.setRenderer(1, marks());
        plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
        plot.setFixedLegendItems(legend());
        return chart;
    }

    private static LogAxis logarithmicAxis(List<ResultRow> rows) {
        LogAxis axis = new LogAxis("times the peer (logarithmic; larger is better)");
        double least = rows.stream().mapToDouble(ResultRow::ratio).min().orElse(1);
        double most = rows.stream()
                .mapToDouble(row -> Math.max(row.ratio(), row.goal()))
                .max()
                .orElse(1);
        axis.setSmallestValue(least / 10);
        axis.setRange(Math.min(0.1, least / 5), most * 10);
        axis.setStandardTickUnits(NumberAxis.createIntegerTickUnits());
        axis.setNumberFormatOverride(NumberFormat.getInstance(Locale.ROOT));
        return axis;
    }

    private static LegendItemCollection legend() {
        LegendItemCollection legend = new LegendItemCollection();
        legend.add(new LegendItem("goal reached", REACHED));
        legend.add(new LegendItem("goal missed", MISSED));
        legend.add(new LegendItem("goal", GOAL));
        return legend;
    }

    private static LevelRenderer marks() {
        LevelRenderer marks = new LevelRenderer();
        marks.setSeriesPaint(0, GOAL);
        marks.setSeriesStroke(0, new BasicStroke(3));
        return marks;
    }

    /** The colour says whether the goal was reached. */
    private static final class Bars extends BarRenderer {
        private static final long serialVersionUID = 1;

        private final transient List<ResultRow> rows;

        Bars(List<ResultRow> rows) {
            this.rows = rows;
            setBarPainter(new StandardBarPainter());
            setShadowVisible(false);
            setDefaultItemLabelGenerator(new Figures(rows));
            setDefaultItemLabelsVisible(true);
        }

        /** Beside the bar, or inside if the mark of the goal is beside it. */
        @Override
        public ItemLabelPosition getPositiveItemLabelPosition(int series, int category) {
            return rows.get(category).reached()
                    ? new ItemLabelPosition(ItemLabelAnchor.OUTSIDE3, TextAnchor.CENTER_LEFT)
                    : new ItemLabelPosition(ItemLabelAnchor.INSIDE3, TextAnchor.CENTER_RIGHT);
        }

        @Override
        public Paint getItemLabelPaint(int series, int category) {
            return rows.get(category).reached() ? Color.BLACK : Color.WHITE;
        }

        @Override
        public Paint getItemPaint(int series, int category) {
            return rows.get(category).reached() ? REACHED : MISSED;
        }
    }

    /** Ratio and goal, at the end of the bar. */
    private static final class Figures extends StandardCategoryItemLabelGenerator {
        private static final long serialVersionUID = 1;

        private final transient List<ResultRow> rows;

        Figures(List<ResultRow> rows) {
            this.rows = rows;
        }

        @Override
        public String generateLabel(CategoryDataset data, int series, int category) {
            ResultRow row = rows.get(category);
            return String.format(Locale.ROOT, "%.2f × (goal %.1f)", row.ratio(), row.goal());
        }
    }
}
