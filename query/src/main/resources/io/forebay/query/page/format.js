// Numbers and times for people.

const whole = new Intl.NumberFormat("en");
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const UNITS = ["B", "KB", "MB", "GB", "TB"];

export const count = (value) => (value < 1e6 ? whole.format(value) : compact.format(value));

export const exact = (value) => whole.format(value);

export const rate = (value) => (value < 10 ? Math.round(value * 10) / 10 : whole.format(Math.round(value)));

export function bytes(value) {
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

export function duration(nanos) {
  if (nanos === undefined) return "";
  if (nanos < 1e3) return `${nanos} ns`;
  if (nanos < 1e6) return `${trim(nanos / 1e3)} µs`;
  if (nanos < 1e9) return `${trim(nanos / 1e6)} ms`;
  if (nanos < 120e9) return `${trim(nanos / 1e9)} s`;
  return `${trim(nanos / 60e9)} min`;
}

const trim = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));

/** Local time with milliseconds, and the date unless it is today. */
export function time(iso, now = new Date()) {
  const when = new Date(iso);
  const pad = (value, width = 2) => String(value).padStart(width, "0");
  const clock = `${pad(when.getHours())}:${pad(when.getMinutes())}:${pad(when.getSeconds())}`;
  const millis = pad(when.getMilliseconds(), 3);
  const day = `${when.getFullYear()}-${pad(when.getMonth() + 1)}-${pad(when.getDate())} `;
  return `${when.toDateString() === now.toDateString() ? "" : day}${clock}.${millis}`;
}

/** How long ago, roughly. */
export function ago(iso, now = Date.now()) {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  if (seconds < 1.5) return "just now";
  if (seconds < 90) return `${Math.round(seconds)} s ago`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 129600) return `${Math.round(seconds / 3600)} h ago`;
  return `${Math.round(seconds / 86400)} days ago`;
}

/** captured → Captured, deadLettered → Dead lettered. */
export function label(name) {
  const words = name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
