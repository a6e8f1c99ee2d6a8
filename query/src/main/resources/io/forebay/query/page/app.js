// The page: asks the server once a second, shows what it says, and says when it does not.

import * as api from "./api.js";
import { byId, show } from "./dom.js";
import * as format from "./format.js";
import { RateChart, SECONDS } from "./rate.js";
import { SearchForm } from "./search.js";
import { EventTable } from "./table.js";
import { showTiles } from "./tiles.js";

const INTERVAL_MILLIS = 1_000;
const LIVE_EVENTS = 50;

const chart = new RateChart();
const table = new EventTable(
  (values) => search(new URLSearchParams({ ...values, order: "desc", limit: "100" })),
  () => live() && pause(true));
let form = null;
let paused = false;
let timer = null;
let busy = false;
let searches = 0;
let interrupted = false; // a search that the server was not ready for, to be asked again

const live = () => location.search === "";

// Polling: one chain of requests at a time, none in a hidden tab.

async function tick() {
  clearTimeout(timer);
  if (busy) return;
  busy = true;
  try {
    if (form === null) await start();
    chart.update(await api.rate(SECONDS));
    showTiles(await api.stats());
    if (live() && !paused) await showLatest();
    if (interrupted) await showAddress();
    setState("live", "");
  } catch (failure) {
    if (!(failure instanceof api.Failure)) console.error(failure);
    setState(failure.kind ?? "error", failure.message);
  } finally {
    busy = false;
  }
  if (!document.hidden) timer = setTimeout(tick, INTERVAL_MILLIS);
}

async function showLatest() {
  const events = await api.latest(LIVE_EVENTS);
  if (!live() || paused) return;
  table.show(events, "There are no events yet. They appear here as they arrive.");
  form.suggest((name) => table.values(name));
}

function setState(state, message) {
  const texts = {
    live: "live",
    unreachable: "unreachable",
    unavailable: "waiting",
    refused: "error",
    error: "error",
  };
  const status = byId("status");
  status.dataset.state = state;
  if (status.textContent !== texts[state]) status.textContent = texts[state];
  document.body.classList.toggle("stale", state !== "live");
  const sentence = message.charAt(0).toUpperCase() + message.slice(1).replace(/\.?$/, ".");
  const advice = state === "live" ? "" : `${sentence} This page goes on trying.`;
  if (byId("banner").textContent !== advice) show(byId("banner"), advice);
}

// Searching: the address bar is the state, the form and the table follow it.

function search(parameters) {
  history.pushState(null, "", parameters.size ? `?${parameters}` : location.pathname);
  return showAddress();
}

async function showAddress() {
  const parameters = new URLSearchParams(location.search);
  const mine = ++searches;
  form.fill(parameters);
  table.closeAll();
  pause(false);
  byId("events-title").textContent = live() ? "Latest events" : "Events found";
  byId("live").hidden = live();
  byId("pause").hidden = !live();
  interrupted = false;
  if (live()) return tick();
  show(byId("events-note"), "Searching…");
  try {
    const events = await api.find(parameters);
    if (mine !== searches) return;
    form.clearErrors();
    table.show(events, "No event matches. Widen the time range or leave out a filter.");
    show(byId("events-note"), found(events.length, parameters));
    if (parameters.has("id") && events.length === 1) openOnly();
  } catch (failure) {
    if (mine !== searches) return;
    if (!(failure instanceof api.Failure)) throw failure;
    interrupted = failure.kind !== "refused";
    table.show([], "Nothing to show.");
    show(byId("events-note"), interrupted ? "waiting for the server…" : "");
    if (!interrupted) form.fail(failure);
  }
}

function found(number, parameters) {
  const limit = Number(parameters.get("limit"));
  return number === limit && !parameters.has("id")
    ? `the first ${format.exact(number)}, as many as the limit allows`
    : `${format.exact(number)} ${number === 1 ? "event" : "events"}`;
}

function openOnly() {
  document.querySelector("#rows .disclose")?.click();
}

function pause(on) {
  paused = on;
  byId("pause").textContent = on ? "Resume" : "Pause";
  byId("pause").setAttribute("aria-pressed", String(on));
  show(byId("events-note"), on ? "paused" : "");
  if (!on) table.closeAll();
}

async function start() {
  const description = await api.description();
  form = new SearchForm(description, (parameters) => {
    if (!parameters.has("limit") && !parameters.has("id")) parameters.set("limit", "100");
    search(parameters);
  }, () => search(new URLSearchParams()));
  byId("live").addEventListener("click", () => search(new URLSearchParams()));
  byId("pause").addEventListener("click", () => pause(!paused));
  window.addEventListener("popstate", showAddress);
  byId("search-box").open = !live() || !window.matchMedia("(max-width: 46rem)").matches;
  if (!live()) await showAddress();
  else form.fill(new URLSearchParams());
}

document.addEventListener("visibilitychange", () => {
  clearTimeout(timer);
  if (!document.hidden) tick();
});
tick();
