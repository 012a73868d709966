import type { State } from "../../model/state.ts"
import type { Entry } from "./entry.ts"
import { openRequests } from "./requests.ts"

const LEAST_MS = 5 * 60_000
const MOST_MS = 60 * 60_000
/** Of what has been waited for already: after an hour each five minutes, after a day each hour. */
const PART = 12

/**
 * When something that no webhook tells of, and that kept the release out, is read again: ever more seldom, so that a job
 * that waits for thirty days asks some hundred times and not ten thousand. ISO 8601
 *
 * @param at when it was read
 */
export function nextReading({ request }: Pick<Entry, "request">, at: string): string {
  const waited = Date.parse(at) - Date.parse(request.at)
  return new Date(Date.parse(at) + Math.min(MOST_MS, Math.max(LEAST_MS, waited / PART))).toISOString()
}

export const isDue = (entry: Entry, at: string): boolean => nextReading(entry, at) <= entry.at

/** Commits that wait at an environment, or of which a page says whether they may enter. */
export const shasWaiting = (state: State): ReadonlySet<string | null> =>
  new Set([
    ...openRequests(state).map(({ sha }) => sha),
    ...Object.values(state.verdicts ?? {}).flatMap(({ sha, closed }) => (closed ? [] : [sha])),
  ])

/** What GitHub found in those; of others nobody asks for it. Forgotten sooner, it would be read again in every run. */
export function keptAlerts(state: State): Pick<State, "alerts"> {
  const { alerts } = state
  if (!alerts) return {}
  const shas = shasWaiting(state)
  return { alerts: Object.fromEntries(Object.entries(alerts).filter(([sha]) => shas.has(sha))) }
}
