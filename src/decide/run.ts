import type { AuditEntry, TimeRecord, Under } from "../model/decision.ts"
import { type Environment, placeOf } from "../model/deployment.ts"
import type { Effect } from "../model/effect.ts"
import type { Facts } from "../model/facts.ts"
import type { News } from "../model/joint.ts"
import type { Json } from "../model/json.ts"
import type { Reply } from "../model/message.ts"
import type { Handles } from "../model/outcome.ts"
import { own } from "../model/own.ts"
import type { Release } from "../model/release.ts"
import type { Repository } from "../model/repository.ts"
import { seenHash } from "../model/seen.ts"
import type { Line, State } from "../model/state.ts"
import type { WaitingGate } from "../model/waiting.ts"
import { gatesHash } from "./candidate.ts"
import { chosenPlan, configOf } from "./plan-of.ts"
import { placesTold } from "./thread-places.ts"

/** One decision in the making. The rules below replace `state` and add to the lists; nothing else moves. */
export interface Run {
  readonly repo: Repository
  readonly facts: Facts
  readonly handles: Handles
  readonly now: Date
  /** `now` as ISO 8601. */
  readonly at: string
  /** As the last run left it; undefined the first time. */
  readonly before: State | undefined
  state: State
  readonly effects: Effect[]
  readonly audit: AuditEntry[]
  readonly times: TimeRecord[]
  /** What is to be told in the thread of another repository's release (joint/news). */
  readonly news: (News & { readonly release: string })[]
  /** Nothing happened but that our own effects ended: what was refused before is not tried again now. */
  readonly onlyEnds: boolean
  /** What waits to be appended to these targets is not done any more. */
  readonly withdraws: string[]
  /** Targets that are made anew although they were refused just now: a person deleted them. */
  readonly anew: Set<string>
  /** The gates that releases and deployments wait for, as they were judged. */
  readonly waiting: WaitingGate[]
}

export function putRelease(run: Run, release: Release): Release {
  const releases = run.state.releases
  const at = releases.findIndex((r) => r.id === release.id)
  run.state = { ...run.state, releases: at < 0 ? [...releases, release] : releases.with(at, release) }
  return release
}

export const releaseOf = (state: State, id: string): Release | undefined => state.releases.find((r) => r.id === id)

export function putLine(run: Run, line: Line): Line {
  run.state = { ...run.state, lines: { ...run.state.lines, [line.branch]: line } }
  return line
}

export function putEnvironment(run: Run, environment: Environment): void {
  run.state = { ...run.state, environments: { ...run.state.environments, [placeOf(environment)]: environment } }
}

/** Adds a line to the audit trail, with what it was decided under. */
export function record(
  run: Run,
  what: string,
  facts: { readonly [key: string]: Json },
  of: { readonly release?: string; readonly by?: string } = {},
): void {
  const under = underOf(run, of.release)
  run.audit.push({ what, facts, ...of, ...(under ? { under } : {}) })
}

/** The configuration and the plan of the release's branch; of what is about no release, the default branch's. */
function underOf({ state, repo }: Run, id: string | undefined): Under | undefined {
  const release = id === undefined ? undefined : releaseOf(state, id)
  const line = own(state.lines, release?.branch ?? repo.defaultBranch)
  if (!line) return undefined
  const chosen = release && release.phase.is !== "published" ? chosenPlan(state, line, release) : undefined
  const plan = chosen?.is === "one" ? chosen.plan : line.plan
  return { config: seenHash(line.config), plan: seenHash(plan), gates: gatesHash(configOf(line)) }
}

export function stamp(run: Run, what: TimeRecord["what"], release: string, subject: string, at: string = run.at): void {
  run.times.push({ what, release, subject, at })
}

/** A reply in a release's thread, in each channel that has one: said once per `name`, whatever is decided again. */
export function reply(run: Run, release: string, name: string, content: Reply): void {
  if (toldElsewhere(run, release, name, content)) return
  for (const { channel, thread, lane, apart } of placesTold(run, release, content)) {
    const key = `reply:${release}:${name}${apart}`
    run.effects.push({
      kind: "reply",
      key,
      target: key,
      lane,
      mode: "append",
      content: { channel, thread, reply: content },
    })
  }
}

/** A release that comes out with another repository's has its news told in the thread of that one. */
function toldElsewhere(run: Run, release: string, name: string, reply: Reply): boolean {
  if (!releaseOf(run.state, release)?.joined) return false
  run.news.push({ release, key: `${run.repo.id}:${release}:${name}`, reply })
  return true
}

const READINESS = "check:readiness:"
/** The component that a readiness check is of; the inverse of `readinessName`. */
export const componentNamed = (check: string): string => /^Slipway \/ readiness \((.*)\)$/.exec(check)?.[1] ?? ""
export const draftTarget = (release: string): string => `draft:${release}`
/** One pull request for all changelog entries of a branch and component that nobody has merged yet. */
export const changelogTarget = ({ branch, component }: Pick<Release, "branch" | "component">): string =>
  `changelog:${component}:${branch}`
/** A later round: the one before was merged, and given up by Re-cut. */
export const pullTarget = ({ id, pullRound }: Pick<Release, "id" | "pullRound">): string =>
  pullRound === undefined ? `pull:${id}` : `pull:${id}:${pullRound}`
/** The readiness page of a component on a commit; the empty component is the repository as a whole. */
export const readinessTarget = (sha: string, component = ""): string => `${READINESS}${readinessPlace(sha, component)}`
/** What tells the readiness pages of a repository apart: `State.stale` is kept by it. */
export const readinessPlace = (sha: string, component: string): string =>
  component === "" ? sha : `${component}:${sha}`
/** The name of the check run that a target of `readinessTarget` is. */
export const readinessName = (component: string): string =>
  component === "" ? "Slipway / readiness" : `Slipway / readiness (${component})`
/** @param place as `placeOf` says it */
export const environmentTarget = (place: string, sha: string): string => `check:environment:${place}:${sha}`
export const planTarget = (sha: string): string => `check:plan:${sha}`
export const proposalTarget = (pull: number, sha: string): string => `check:proposal:${pull}:${sha}`
export const impactTarget = (pull: number, sha: string): string => `check:impact:${pull}:${sha}`
export const freezeTarget = (pull: number, sha: string): string => `check:freeze:${pull}:${sha}`
export const rollbackTarget = (id: string): string => `deployment:${id}`
export const postMortemTarget = (id: string): string => `post-mortem:${id}`

/** Kept short: a page shows the last few. */
const ANSWERS_KEPT = 5

export const withAnswer = <T>(answers: readonly T[], answer: T): readonly T[] =>
  [...answers, answer].slice(-ANSWERS_KEPT)
