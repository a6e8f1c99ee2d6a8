// The numbers at the top.

import { byId, element } from "./dom.js";
import * as format from "./format.js";

const BAD = new Set(["dropped", "deadLettered", "failed", "rejected"]);

export function showTiles(stats) {
  const tiles = [
    tile("Stored", format.count(stats.total), `${format.exact(stats.total)} events in ${stats.partitions.length} partitions`,
      false, `${format.bytes(stats.diskBytes)} on disk`),
    moment("Oldest", stats.oldest),
    moment("Newest", stats.newest),
    ...Object.entries(stats.counters).map(([name, value]) =>
      tile(format.label(name), format.count(value), format.exact(value), BAD.has(name) && value > 0)),
    tile("Uncommitted", format.count(stats.uncommitted), "events in memory that are not on disk yet", false,
      format.bytes(stats.uncommittedBytes)),
    tile("Queries", format.count(stats.queries), "answered since the start"),
  ];
  byId("tiles").replaceChildren(...tiles);
}

const moment = (name, iso) =>
  iso ? tile(name, format.time(iso).replace(/\.\d+$/, ""), iso, false, format.ago(iso)) : tile(name, "–", "no events");

function tile(name, value, title, bad = false, note = "") {
  return element("div", { class: bad ? "tile bad" : "tile", title },
    element("dt", {}, name),
    element("dd", {}, value, note ? element("small", {}, note) : null));
}
