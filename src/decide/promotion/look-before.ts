import type { DeploymentLook } from "../../model/deployment-look.ts"
import { environmentNamed } from "../../model/environment-named.ts"
import { hashOf } from "../../model/hash.ts"
import { own } from "../../model/own.ts"
import type { ProtectionRequest } from "../../model/protection.ts"
import type { Deployed } from "../../model/signal.ts"
import { asRequest } from "../../model/verdict.ts"
import type { Run } from "../run.ts"
import { rulesFor } from "./entry.ts"
import { findRelease } from "./find-release.ts"
import { openRequests } from "./requests.ts"
import { openVerdicts } from "./verdicts.ts"

/** A webhook is there within seconds: what was not heard by then was lost, or has not happened. */
const FIRST_LOOK_MS = 15 * 60_000
const WIDEST_LOOK_MS = 4 * 60 * 60_000

/**
 * What GitHub said of the deployments of environments that releases wait for, as if their webhooks came now. Those of other
 * commits may be older than Slipway is here: nothing is made of them.
 */
export function deploymentsRead({ facts, state }: Run): readonly Deployed[] {
  const out = new Set(state.releases.flatMap(({ phase }) => (phase.is === "published" ? [phase.candidate.sha] : [])))
  return Object.values(facts.learned.newest ?? {})
    .flat()
    .filter(({ sha }) => out.has(sha))
}

/**
 * A release that waits until it is live in the environment before would wait for ever if GitHub's word of that were lost.
 * So GitHub is asked for it: a quarter of an hour after the wait began, then after twice as long each time, to four hours.
 * No more often, however many releases wait there and whatever else happens.
 */
export function lookBefore(run: Run): void {
  const awaited = Object.entries(awaitedBefore(run))
  if (awaited.length === 0 && run.state.looks === undefined) return
  const { looks: before = {}, ...state } = run.state
  const looks = Object.fromEntries(
    awaited.map(([environment, shas]) => [environment, next(run, own(before, environment), shas)] as const),
  )
  run.state = awaited.length === 0 ? state : { ...state, looks }
}

function next(run: Run, known: DeploymentLook | undefined, shas: readonly string[]): DeploymentLook {
  const of = hashOf(shas.toSorted())
  if (known?.of !== of) return { of, tries: 0, again: later(run, 0) }
  const { asked, ...rest } = known
  if (asked === undefined) return run.at >= known.again ? { ...rest, asked: run.at } : known
  if (asked === run.at) return known
  const tries = known.tries + 1
  return { of, tries, again: later(run, tries) }
}

const later = ({ now }: Run, tries: number): string =>
  new Date(now.getTime() + Math.min(FIRST_LOOK_MS * 2 ** tries, WIDEST_LOOK_MS)).toISOString()

/** By environment: the commits that are not known to be live there, and that others wait for to be. */
function awaitedBefore(run: Run): { readonly [environment: string]: readonly string[] } {
  const waiting = [...openRequests(run.state), ...openVerdicts(run).map(asRequest)]
  const places = waiting.flatMap((request) =>
    beforeIt(run, request).map((place) => ({ place, sha: request.sha ?? "" })),
  )
  const byPlace = Map.groupBy(places, ({ place }) => place)
  return Object.fromEntries([...byPlace].map(([place, all]) => [place, [...new Set(all.map(({ sha }) => sha))]]))
}

function beforeIt(run: Run, request: ProtectionRequest): readonly string[] {
  const found = findRelease(run.state, request)
  const line = found.is === "found" ? own(run.state.lines, found.release.branch) : undefined
  if (found.is !== "found" || !line) return []
  return rulesFor(run, line, request.environment).flatMap(({ after }) => {
    if (after === undefined) return []
    const before = environmentNamed(run.state, after, found.release.component)
    const there = run.state.releases.find(({ id }) => id === before?.live?.release)?.phase
    // A newer one is live there: what it replaced is not waited for any more.
    const isPast = there?.is === "published" && there.at > found.release.phase.at
    return isPast || before?.live?.sha === request.sha ? [] : [before?.name ?? after]
  })
}

/** When the next of them is due. ISO 8601 */
export const lookTimes = (run: Run): readonly string[] =>
  Object.values(run.state.looks ?? {}).map(({ asked, again }) =>
    asked === run.at ? new Date(run.now.getTime() + 1).toISOString() : again,
  )
