import { isVerified, placeOf } from "../../model/deployment.ts"
import { environmentNamed } from "../../model/environment-named.ts"
import { wentBack } from "../../model/rollback.ts"
import { driftOf, driftSays } from "../drift.ts"
import { unknownBecause } from "../gates/subject.ts"
import { failuresIn } from "../last-known-good.ts"
import { environmentCheckUrl } from "../links.ts"
import { verificationSays } from "../verification-shown.ts"
import { instant, plural } from "../wording.ts"
import type { Entry, Judged } from "./entry.ts"
import { lockOf } from "./locked.ts"

/** The very same commit is live in the environment before, and is well there. */
export function afterGate(entry: Entry): Judged | null {
  const { after } = entry.rules
  if (after === undefined) return null
  const found = liveBefore(entry, after)
  const state = found.is === "live" ? "passed" : found.is
  const name = environmentNamed(entry.state, after, entry.release.component)?.name ?? after
  const unread = found.is === "pending" ? unknownBecause(entry.state, `newest:${name}`) : undefined
  const because = unread === undefined ? found.because : `${found.because}; ${unread}`
  return {
    gate: { name: "after", state, because, ...(found.evidence ? { evidence: found.evidence } : {}) },
  }
}

type Before = { readonly because: string; readonly evidence?: readonly { text: string; url: string }[] } & (
  | { readonly is: "live"; readonly since: string }
  | { readonly is: "pending" | "failed" }
)

function liveBefore({ state, run, release }: Entry, after: string): Before {
  const { sha, version } = release.phase.candidate
  const before = environmentNamed(state, after, release.component)
  if (!before?.live) return { is: "pending", because: `nothing is known to be live in ${after}` }
  const { live, rollback, drill } = before
  const failed = failuresIn(before).find((one) => {
    const broken = state.releases.find(({ id }) => id === one.release)?.phase
    return one.at >= live.since && broken?.is === "published" && broken.candidate.sha === sha
  })
  const evidence = [{ text: after, url: environmentCheckUrl(run, placeOf(before), sha) }]
  // guard: after-in-a-drill
  if (drill && [drill.from.sha, drill.to.sha].includes(sha))
    return { is: "pending", because: `a drill is under way in ${after}, from ${drill.from.version} and back`, evidence }
  if (rollback?.is === "running" && rollback.from.sha === sha)
    return { is: "failed", because: `${version} is being rolled back in ${after}`, evidence }
  // Somebody judged it bad, and nobody deployed it again since: that it could not be taken back makes it no better.
  const isLeft = rollback?.is === "failed" || (rollback?.is === "done" && !wentBack(rollback))
  if (rollback && isLeft && rollback.from.sha === sha && live.since <= rollback.begun)
    return {
      is: "failed",
      because: `${version} was to be rolled back in ${after} on ${instant(rollback.begun)}`,
      evidence,
    }
  if (failed) return { is: "failed", because: `${version} failed in ${after} on ${instant(failed.at)}`, evidence }
  const drift = driftOf(state, after, release.component)
  // guard: drift-before
  if (drift) return { is: "pending", because: `${driftSays(drift)} is in ${after}, and is no release`, evidence }
  if (live.sha !== sha)
    return { is: "pending", because: `${live.version} is live in ${after}, not ${version}`, evidence }
  const says = [`live in ${after} since ${instant(live.since)}`, ...verificationSays(before)].join("; ")
  if (!isVerified(live))
    return { is: live.verification?.is === "failed" ? "failed" : "pending", because: says, evidence }
  return { is: "live", since: live.since, because: says, evidence }
}

/** It has been live in the environment before for so long; where none comes before, it has been out for so long. */
export function soakGate(entry: Entry): Judged | null {
  const { soak, after } = entry.rules
  if (soak === undefined) return null
  const before = after === undefined ? undefined : liveBefore(entry, after)
  if (before && before.is !== "live")
    return {
      gate: { name: "soak", state: "pending", because: `${plural(soak, "minute")}, once it is live in ${after}` },
    }
  const since = before?.since ?? entry.release.phase.at
  const until = new Date(Date.parse(since) + soak * 60_000).toISOString()
  const where = after === undefined ? "out" : `live in ${after}`
  if (entry.at < until)
    return {
      gate: { name: "soak", state: "pending", because: `${where} for ${plural(soak, "minute")} on ${instant(until)}` },
      until,
    }
  return {
    gate: {
      name: "soak",
      state: "passed",
      because: `${where} since ${instant(since)}, for ${plural(soak, "minute")} and more`,
    },
  }
}

/** The environment itself: while a rollback runs there nothing but its goal enters. */
export function rollbackGate(entry: Entry): Judged | null {
  const { state, request, release } = entry
  const here = environmentNamed(state, request.environment, release.component)
  const rollback = here?.rollback
  if (!rollback || (rollback.is !== "running" && !isWayBack(entry))) return null
  const drill = here?.drill
  const says = drill
    ? `a drill is under way, from ${drill.from.version} to ${drill.to.version} and back`
    : `${rollback.from.version} is being rolled back to ${rollback.to.version}, asked for by ${rollback.by}`
  const isGoal = rollback.to.sha === release.phase.candidate.sha
  return { gate: { name: "rollback", state: isGoal ? "passed" : "pending", because: says } }
}

/** Whether the deployment is the way back that somebody pressed for: its goal was live and well here. */
export function isWayBack({ state, request, release }: Pick<Entry, "state" | "request" | "release">): boolean {
  const here = environmentNamed(state, request.environment, release.component)
  const { rollback, good } = here ?? { good: [] }
  if (!rollback || rollback.is === "done" || rollback.to.sha !== release.phase.candidate.sha) return false
  // It took too long, and may still come: its own lock keeps it out no more than before, until somebody has looked.
  const place = { environment: request.environment, component: release.component }
  if (rollback.is === "failed" && lockOf(state, place)?.at !== rollback.begun) return false
  return rollback.to.release === release.id && good.some(({ release: id }) => id === release.id)
}
