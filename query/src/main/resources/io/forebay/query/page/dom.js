// Building elements. Data becomes text nodes only, never markup.

export const byId = (id) => document.getElementById(id);

/** An element with properties (class, data-…, aria-…, on…) and children (elements or text). */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** Sets text and visibility together: no text, not there. */
export function show(target, text) {
  target.textContent = text ?? "";
  target.hidden = !text;
}
