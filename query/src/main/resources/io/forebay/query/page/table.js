// The table of events, live or found.

import { byId, element } from "./dom.js";
import * as format from "./format.js";

const COLUMNS = 7;
const SHOWN_IN_ROW = new Set(["attributes"]);

export class EventTable {
  #open = new Set();
  #events = [];
  #onSearch;
  #onOpen;

  /** onSearch gets what was clicked, as parameters; onOpen is told when somebody starts to read an event. */
  constructor(onSearch, onOpen) {
    this.#onSearch = onSearch;
    this.#onOpen = onOpen;
  }

  show(events, whenEmpty) {
    this.#events = events;
    const focused = document.activeElement?.dataset?.key;
    byId("rows").replaceChildren(...events.flatMap((event) => this.#rows(event)));
    const empty = byId("empty");
    empty.textContent = whenEmpty;
    empty.hidden = events.length > 0;
    byId("events").hidden = events.length === 0;
    if (focused) document.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }

  closeAll() {
    this.#open.clear();
  }

  #rows(event) {
    const open = this.#open.has(event.id);
    const row = element("tr", { role: "row" },
      this.#cell("", "toggle", this.#toggle(event, open)),
      this.#cell("Time", "time", element("time", { datetime: event.timestamp, title: event.timestamp },
        format.time(event.timestamp))),
      this.#cell("Type", "", this.#link(event, "type", event.type)),
      this.#cell("Process", "", this.#link(event, "process", event.process)),
      this.#cell("Function", "", this.#function(event)),
      this.#cell("Correlation", "", this.#link(event, "correlation", event.correlation)),
      this.#cell("Duration", "number", format.duration(event.durationNanos)));
    return open ? [row, this.#details(event)] : [row];
  }

  #cell(label, style, content) {
    return element("td", { role: "cell", class: style || null, "data-label": label,
      "data-empty": content === null || content === "" }, content);
  }

  #toggle(event, open) {
    return element("button", {
      type: "button",
      class: "disclose",
      "aria-expanded": String(open),
      "aria-label": `Details of ${event.type} ${event.id}`,
      "data-key": `toggle ${event.id}`,
      onclick: () => this.#flip(event.id),
    }, open ? "▾" : "▸");
  }

  #flip(id) {
    if (!this.#open.delete(id)) {
      this.#open.add(id);
      this.#onOpen();
    }
    this.show(this.#events, byId("empty").textContent);
  }

  #link(event, name, value, parameters = { [name]: value }, ...text) {
    if (value === undefined) return null;
    return element("button", {
      type: "button",
      class: "find",
      title: `Find all with this ${name}: ${value}`,
      "data-key": `${name} ${event.id}`,
      onclick: () => this.#onSearch(parameters),
    }, ...(text.length ? text : [value]));
  }

  /** The package of a class matters less than its name. */
  #function(event) {
    if (event.module === undefined && event.function === undefined) return event.attributes?.message ?? null;
    const module = event.module ?? "";
    const cut = module.lastIndexOf(".") + 1;
    const parameters = {};
    if (event.module !== undefined) parameters.module = event.module;
    if (event.function !== undefined) parameters.function = event.function;
    const name = [module.slice(cut), event.function].filter((part) => part).join(".");
    return this.#link(event, "function", [module, event.function].filter((part) => part).join("."), parameters,
      element("span", { class: "package" }, module.slice(0, cut)), name);
  }

  #details(event) {
    const list = element("dl", { class: "details" });
    const add = (name, value) => list.append(element("dt", {}, name), element("dd", {}, String(value)));
    for (const [name, value] of Object.entries(event)) {
      if (!SHOWN_IN_ROW.has(name)) add(name, typeof value === "object" ? JSON.stringify(value) : value);
    }
    for (const [name, value] of Object.entries(event.attributes ?? {})) add(name, value);
    return element("tr", { role: "row", class: "details-row" }, element("td", { role: "cell", colspan: COLUMNS }, list,
      element("a", { href: `?id=${encodeURIComponent(event.id)}` }, "Link to this event")));
  }

  /** The values of a column, for suggestions. */
  values(name) {
    return [...new Set(this.#events.map((event) => event[name]).filter((value) => value !== undefined))].sort();
  }
}
