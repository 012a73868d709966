import type { Inside, ProtectionRequest } from "../../model/protection.ts"
import { requestKey } from "../../model/protection.ts"
import type { State } from "../../model/state.ts"
import { unknownBecause } from "../gates/subject.ts"
import { pageUrl } from "../links.ts"
import { instant, list } from "../wording.ts"
import type { Entry, Judged } from "./entry.ts"
import { findRelease } from "./find-release.ts"
import { inTurn, requestsIn } from "./requests.ts"

/**
 * No more deployments than the environment takes are under way there. What else waits goes in the order in which it was
 * asked for, hotfixes first; what still waits for another gate holds nobody behind it up.
 *
 * It looks at the run as it is now: of two that are ready at the same moment, the first one takes the place.
 */
export function concurrencyGate(entry: Entry): Judged | null {
  const { concurrency: most } = entry.rules
  if (most === undefined) return null
  const inside = runsInside(entry)
  if (inside.length < most) {
    const because = inside.length === 0 ? "no other deployment is under way" : `${inside.length} of ${most} under way`
    return { gate: { name: "concurrency", state: "passed", because } }
  }
  const unread = inside.flatMap(([, { deployment }]) => unreadBecause(entry.run.state, deployment))[0]
  const evidence = inside.map(([{ run }]) => ({
    text: `run ${run}`,
    url: pageUrl(entry.run.repo, `actions/runs/${run}`),
  }))
  const place = placeIn(entry, inside)
  if (unread !== undefined)
    return { gate: { name: "concurrency", state: "unknown", because: `${place}; ${unread}`, evidence } }
  return { gate: { name: "concurrency", state: "pending", because: place, evidence } }
}

const unreadBecause = (state: State, deployment: string): readonly string[] => {
  const because = unknownBecause(state, `deployment:${deployment}`)
  return because === undefined ? [] : [because]
}

type InsideOf = readonly [ProtectionRequest, Inside]

/** Other runs that were let in there and have not ended; jobs of one run do not wait for each other. */
function runsInside({ run, request, release }: Entry): readonly InsideOf[] {
  return requestsIn(run.state).flatMap((other): readonly InsideOf[] => {
    if (!isSamePlace(other, request) || requestKey(other) === requestKey(request)) return []
    const first = other.inside?.find(({ component }) => component === release.component)
    return first ? [[other, first]] : []
  })
}

const isSamePlace = (a: ProtectionRequest, b: ProtectionRequest): boolean =>
  a.environment.toLowerCase() === b.environment.toLowerCase()

/** `second of three; before it: run 123 (v1.4.0), let in on …` */
function placeIn({ run, request, release }: Entry, inside: readonly InsideOf[]): string {
  const waiting = inTurn(run.state).flatMap((one) => {
    const found = isSamePlace(one, request) ? findRelease(run.state, one) : undefined
    return found?.is === "found" && found.release.component === release.component
      ? [{ key: requestKey(one), says: `run ${one.run} (${found.release.tag})` }]
      : []
  })
  const found = waiting.findIndex(({ key }) => key === requestKey(request))
  // A release that nobody has asked for yet would come last.
  const [at, all] = found < 0 ? [waiting.length, waiting.length + 1] : [found, waiting.length]
  const before = [
    ...inside.map(([one, { tag, at: since }]) => `run ${one.run} (${tag}), let in on ${instant(since)}`),
    ...waiting.slice(0, at).map(({ says }) => says),
  ]
  const place = `${before.length + 1} of ${inside.length + all}`
  return `its place is ${place}; before it: ${list(before, 5)}`
}
