// The form, and the search in the address bar: the same parameters as those of the REST interface.

import { byId, element, show } from "./dom.js";
import * as format from "./format.js";

const TIMES = ["from", "to"];

export class SearchForm {
  #names = [];

  constructor(description, onSearch, onClear) {
    const fields = [
      this.#field("from", { type: "datetime-local", step: "1" }),
      this.#field("to", { type: "datetime-local", step: "1" }),
      ...description.filters.map((name) => this.#field(name, { type: "text", list: `values-${name}`, spellcheck: "false" })),
      this.#field("id", { type: "text", spellcheck: "false" }),
      this.#field("limit", { type: "number", min: "1", max: description.maxLimit, placeholder: description.defaultLimit }),
      this.#orderField(),
    ];
    byId("fields").replaceChildren(...fields);
    byId("search").addEventListener("submit", (submit) => {
      submit.preventDefault();
      onSearch(this.parameters());
    });
    byId("clear").addEventListener("click", onClear);
  }

  /** What is filled in, times in UTC. */
  parameters() {
    const parameters = new URLSearchParams();
    for (const name of this.#names) {
      const value = byId(`field-${name}`).value.trim();
      if (value) parameters.set(name, TIMES.includes(name) ? new Date(value).toISOString() : value);
    }
    return parameters;
  }

  fill(parameters) {
    this.clearErrors();
    for (const name of this.#names) {
      const value = parameters.get(name) ?? "";
      byId(`field-${name}`).value = TIMES.includes(name) ? local(value) : value;
    }
    // A new form proposes the newest; a link without an order was answered in the server's, and the form has to say so.
    if (!parameters.has("order")) byId("field-order").value = [...parameters].length === 0 ? "desc" : "asc";
  }

  /** Shows a refusal at the field it is about, or below the form. */
  fail(failure) {
    this.clearErrors();
    const field = byId(`field-${failure.problem.parameter}`);
    if (!field) {
      show(byId("form-error"), failure.message);
      return;
    }
    field.setAttribute("aria-invalid", "true");
    show(byId(`error-${failure.problem.parameter}`), failure.message);
    field.focus();
  }

  clearErrors() {
    show(byId("form-error"), "");
    for (const name of this.#names) {
      byId(`field-${name}`).removeAttribute("aria-invalid");
      show(byId(`error-${name}`), "");
    }
  }

  suggest(valuesOf) {
    for (const list of document.querySelectorAll("datalist")) {
      if (list.previousElementSibling === document.activeElement) continue;
      list.replaceChildren(...valuesOf(list.dataset.name).map((value) => element("option", { value })));
    }
  }

  #field(name, attributes) {
    const input = element("input", {
      id: `field-${name}`, name, "aria-describedby": `error-${name}`, ...attributes });
    return this.#labelled(name, input, attributes.list
      ? element("datalist", { id: attributes.list, "data-name": name }) : null);
  }

  #orderField() {
    return this.#labelled("order", element("select", { id: "field-order", name: "order",
      "aria-describedby": "error-order" },
      element("option", { value: "desc" }, "newest first"),
      element("option", { value: "asc" }, "oldest first")));
  }

  #labelled(name, input, suggestions = null) {
    this.#names.push(name);
    return element("div", { class: "field" },
      element("label", { for: `field-${name}` }, format.label(name)),
      input,
      suggestions,
      element("p", { id: `error-${name}`, class: "error", role: "alert", hidden: true }));
  }
}

/** UTC in the address bar, local time in the form; what is no time is left to the server to refuse. */
function local(value) {
  const when = new Date(/^-?\d+$/.test(value) ? Number(value) : value);
  if (!value || Number.isNaN(when.getTime())) return "";
  return new Date(when.getTime() - when.getTimezoneOffset() * 60_000).toISOString().slice(0, 23);
}
