import { type Environment, placeOf } from "../../model/deployment.ts"
import { own } from "../../model/own.ts"
import type { Rollback } from "../../model/rollback.ts"
import { lastKnownGood } from "../last-known-good.ts"
import { environmentCheckUrl } from "../links.ts"
import { mentioned } from "../mentions.ts"
import { configOf } from "../plan-of.ts"
import { type Run, releaseOf, reply } from "../run.ts"
import { page } from "./page.ts"
import { type Asker, firstWord, type Word } from "./two-people.ts"

const ASKED_MOST = 10
/** When nobody was the second by then, whoever is on call is called. */
const PATIENCE_MS = 10 * 60_000

/** The first of two has asked: who may be the second is mentioned in the thread. */
export function askSecond(
  run: Run,
  environment: Environment,
  { by, at }: Asker,
  bad: { readonly release: string; readonly branch: string },
  { until, people }: Extract<Word, { is: "waits" }>,
): void {
  const line = own(run.state.lines, bad.branch)
  const release = releaseOf(run.state, bad.release)
  if (!line || release?.phase.is !== "published") return
  const { version, sha } = release.phase.candidate
  const place = placeOf(environment)
  reply(run, bad.release, `second-asked:${place}:${at}`, {
    is: "second asked",
    environment: place,
    version,
    by: by.login,
    until,
    asks: mentioned(configOf(line), people.slice(0, ASKED_MOST)),
    more: Math.max(0, people.length - ASKED_MOST),
    at,
    check: environmentCheckUrl(run, place, sha),
  })
}

/** Calls whoever the configuration names where nobody was the second for some time. */
export function followFirstWords(run: Run): void {
  for (const environment of Object.values(run.state.environments)) {
    const waiting = waitingIn(run, environment)
    if (waiting && run.at >= waiting.due) page(run, environment, waiting.told, waiting.because)
  }
}

/** When that is. ISO 8601 */
export const firstWordTimes = (run: Run): readonly string[] =>
  Object.values(run.state.environments).flatMap((environment) => waitingIn(run, environment)?.due ?? [])

interface Waiting {
  readonly due: string
  readonly told: Pick<Rollback, "id" | "from" | "to" | "by">
  readonly because: string
}

/** A first word that stands, of a release that is there still, and of which nobody is called yet. */
function waitingIn(run: Run, environment: Environment): Waiting | undefined {
  const { rollback } = environment
  const asked = firstWord(environment, run.at)
  if (!asked || (rollback?.is === "running" && rollback.drill === undefined)) return undefined
  const release = releaseOf(run.state, asked.release)
  const named = environment.good.find((one) => one.release === asked.to)
  const to = named ?? lastKnownGood(run.state, environment, asked.release)
  if (release?.phase.is !== "published" || !to) return undefined
  const { version, sha } = release.phase.candidate
  const { login } = asked.by
  return {
    due: new Date(Date.parse(asked.at) + PATIENCE_MS).toISOString(),
    told: {
      id: `second-${placeOf(environment)}-${asked.at}`,
      from: { release: release.id, version, sha },
      to,
      by: login,
    },
    because: `${login} asked to roll ${placeOf(environment)} back from ${version}, and nobody else has in ten minutes`,
  }
}
