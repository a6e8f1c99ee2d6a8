// The chart: what each counter grew by, per second, in the last two minutes.

import { byId } from "./dom.js";
import * as format from "./format.js";

export const SECONDS = 120;

/** Sources that hand over their events once a second beat against samples taken once a second; a mean evens that out. */
const MEAN_OF = 3;

/** The counter that stands for "events", the first of these that there is. */
const MAIN = ["indexed", "stored", "published", "captured"];
const COLORS = ["--series-1", "--series-2", "--series-3", "--series-4", "--series-5", "--series-6"];

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function mean(points, name) {
  const seconds = points.reduce((sum, point) => sum + point.seconds, 0);
  return points.reduce((sum, point) => sum + (point.perSecond[name] ?? 0) * point.seconds, 0) / seconds;
}

export class RateChart {
  #chart;

  constructor() {
    this.#chart = new window.Chart(byId("rate"), {
      type: "line",
      data: { datasets: [] },
      options: {
        animation: false,
        maintainAspectRatio: false,
        interaction: { mode: "index", intersect: false },
        scales: {
          x: {
            type: "linear",
            min: -SECONDS,
            max: 0,
            ticks: { stepSize: 30, callback: (value) => (value === 0 ? "now" : `${value} s`), maxRotation: 0 },
          },
          y: { beginAtZero: true, suggestedMax: 10, ticks: { precision: 0, maxTicksLimit: 6, callback: format.count } },
        },
        plugins: {
          legend: { position: "bottom", labels: { usePointStyle: true, pointStyle: "line", padding: 16 } },
          tooltip: {
            callbacks: {
              title: (items) => `${Math.round(-items[0].parsed.x)} s ago`,
              label: (item) => ` ${item.dataset.label}: ${format.rate(item.parsed.y)} per second`,
            },
          },
        },
      },
    });
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#paint());
    this.#paint();
  }

  update({ now, points }) {
    const end = Date.parse(now);
    const names = [...new Set(points.flatMap((point) => Object.keys(point.perSecond)))];
    const main = MAIN.find((name) => names.includes(name)) ?? names[0];
    const happened = names.filter((name) => name === main || points.some((point) => point.perSecond[name] > 0));
    const previous = new Map(this.#chart.data.datasets.map((dataset) => [dataset.name, dataset]));
    this.#chart.data.datasets = happened.map((name) => {
      const dataset = previous.get(name) ?? { name, label: format.label(name), pointRadius: 0, pointHitRadius: 8 };
      dataset.slot = names.indexOf(name);
      dataset.main = name === main;
      dataset.data = this.#line(points, name, end);
      return dataset;
    });
    this.#paint();
    this.#summarise(points, main);
  }

  /** The mean of the last points; a pause between samples breaks the line rather than bridging it. */
  #line(points, name, end) {
    const line = [];
    let window = [];
    let last = null;
    for (const point of points) {
      const x = (Date.parse(point.end) - end) / 1000;
      if (last !== null && x - point.seconds - last > 1) {
        line.push({ x: last, y: null });
        window = [];
      }
      window = [...window, point].slice(-MEAN_OF);
      line.push({ x, y: mean(window, name) });
      last = x;
    }
    return line;
  }

  #paint() {
    const { options, data } = this.#chart;
    for (const axis of Object.values(options.scales)) {
      axis.grid = { color: color("--grid") };
      axis.border = { display: false };
      axis.ticks.color = color("--muted");
    }
    options.plugins.legend.labels.color = color("--text");
    for (const dataset of data.datasets) {
      const line = color(COLORS[dataset.slot % COLORS.length]);
      dataset.borderColor = line;
      dataset.backgroundColor = `${line}22`;
      dataset.borderWidth = dataset.main ? 2 : 1.5;
      dataset.fill = dataset.main;
      dataset.order = dataset.main ? 1 : 0;
    }
    this.#chart.update();
  }

  #summarise(points, main) {
    const recent = points.slice(-MEAN_OF);
    byId("rate-now").textContent = recent.length > 0 ? format.rate(mean(recent, main)) : "–";
    byId("rate-name").textContent = main ? `${format.label(main).toLowerCase()} per second` : "";
    byId("rate").setAttribute("aria-label", `Events per second in the last two minutes; now ${
      byId("rate-now").textContent}`);
  }
}
