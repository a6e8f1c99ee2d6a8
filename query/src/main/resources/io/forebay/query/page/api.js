// Asking the server. Every failure is a Failure that says whether to wait, and what the server said.

const TIMEOUT_MILLIS = 15_000;

export class Failure extends Error {
  constructor(kind, message, problem = {}) {
    super(message);
    this.kind = kind; // "unreachable" | "unavailable" | "refused"
    this.problem = problem;
  }
}

async function get(path) {
  let response;
  let body;
  try {
    response = await fetch(path, {
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(TIMEOUT_MILLIS),
    });
    body = await response.json();
  } catch (cause) {
    throw new Failure("unreachable", `The server does not answer (${cause.message}).`);
  }
  if (response.ok) return body;
  throw new Failure(response.status === 503 ? "unavailable" : "refused", body.detail ?? response.statusText, body);
}

export const description = () => get("/v1");
export const stats = () => get("/v1/stats");
export const rate = (seconds) => get(`/v1/rate?seconds=${seconds}`);
export const latest = async (limit) => (await get(`/v1/events?order=desc&limit=${limit}`)).events;

/** Events for what a search says: one by its id, or many. */
export async function find(parameters) {
  const id = parameters.get("id");
  if (id) return [await get(`/v1/events/${encodeURIComponent(id)}`)];
  return (await get(`/v1/events?${parameters}`)).events;
}
