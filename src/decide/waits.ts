import { placeOf } from "../model/deployment.ts"
import type { Gate } from "../model/gate.ts"
import { hashOf } from "../model/hash.ts"
import type { Reply } from "../model/message.ts"
import type { ProtectionRequest } from "../model/protection.ts"
import type { Ended } from "../model/signal.ts"
import type { Subject } from "./gates/subject.ts"
import { environmentCheckUrl } from "./links.ts"
import type { Out } from "./promotion/entry.ts"
import { answerTarget, leadOf, requestsIn } from "./promotion/requests.ts"
import { type Run, readinessTarget, releaseOf, reply } from "./run.ts"
import { plain } from "./wording.ts"

const GATES_SHOWN = 10

/** Says in the thread which gates of a candidate failed: once for each set of them. Who is asked is asked elsewhere. */
export function tellBlocked(run: Run, { release, hash, sha }: Subject, gates: readonly Gate[]): void {
  const failed = gates.filter(({ state }) => state === "failed")
  if (release.phase.is !== "cut" || release.hold || failed.length === 0) return
  const check = run.handles[readinessTarget(sha, release.component)]?.url
  say(run, release.id, `blocked:${hash}`, failed, {
    version: release.phase.candidate.version,
    ...(check ? { check } : {}),
  })
}

/** The same of what a deployment waits for: its soak, its window, its checks. One reply for all jobs that wait together. */
export function tellWaiting(run: Run, request: ProtectionRequest, release: Out, open: readonly Gate[]): void {
  const isLead = answerTarget(leadOf(run.state, request)) === answerTarget(request)
  if (!isLead || open.every(({ name }) => name === "approvals" || name === "hold")) return
  const environment = placeOf({ name: request.environment, component: release.component })
  const { sha, version } = release.phase.candidate
  say(run, release.id, `waits:${answerTarget(request)}`, open, {
    version,
    environment,
    check: environmentCheckUrl(run, environment, sha),
  })
}

/** A deployment that waited was let in, or turned away, and GitHub has taken the answer: told once for all jobs of a run. */
export function tellAnswered(run: Run, { target, outcome }: Ended): void {
  const request = requestsIn(run.state).find((one) => answerTarget(one) === target)
  const release = request?.release === undefined ? undefined : releaseOf(run.state, request.release)
  if (request?.end?.is !== "answered" || outcome.is !== "done" || release?.phase.is !== "published") return
  const { verdict, because, at } = request.end
  const environment = placeOf({ name: request.environment, component: release.component })
  const { sha, version } = release.phase.candidate
  const said = { environment, version, sha, at }
  const name = `${request.run}:${request.environment.toLowerCase()}:${sha}`
  if (verdict === "approved") reply(run, release.id, `let-in:${name}`, { is: "let in", ...said })
  else reply(run, release.id, `turned-away:${name}`, { is: "turned away", ...said, because: plain(because) })
}

type Waits = Extract<Reply, { is: "waits" }>

function say(
  run: Run,
  release: string,
  name: string,
  gates: readonly Gate[],
  about: Pick<Waits, "version" | "environment" | "check">,
): void {
  const names = gates.map((gate) => gate.name).toSorted()
  reply(run, release, `${name}:${hashOf(names).slice(0, 12)}`, {
    is: "waits",
    ...about,
    gates: gates.slice(0, GATES_SHOWN).map((gate) => ({ name: gate.name, because: plain(gate.because) })),
    more: Math.max(0, gates.length - GATES_SHOWN),
    at: run.at,
  })
}
