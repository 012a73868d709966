import type { Person } from "../model/change.ts"
import type { Config } from "../model/config.ts"
import type { Gate } from "../model/gate.ts"
import { own } from "../model/own.ts"
import type { Asked } from "../model/reply-release.ts"
import { eligible, rulesIn, sameLogin } from "./approvals.ts"
import type { Subject } from "./gates/subject.ts"
import { environmentCheckUrl } from "./links.ts"
import { whoMayApprove } from "./may-approve.ts"
import { mentioned } from "./mentions.ts"
import { adminsOf } from "./nobody-left.ts"
import { configOf } from "./plan-of.ts"
import { standingOf } from "./promotion/answer.ts"
import { nobodyLetsIn } from "./promotion/nobody-left.ts"
import { entryRule, reaches } from "./promotion/people.ts"
import { answerTarget, leadOf, openRequests } from "./promotion/requests.ts"
import { type Run, readinessTarget, releaseOf, reply } from "./run.ts"

const ASKED_MOST = 10
/** Who has not answered by then will not for being asked a fourth time. */
const REMINDED_MOST = 3

/**
 * Asks those who may approve, in the thread and by mention: once, as soon as somebody waits for them, and again every
 * `slack.remind`, a few times. A draft waits for nobody, and what is held waits for who holds it.
 */
export function askForApproval(run: Run, subject: Subject, gates: readonly Gate[]): void {
  const { release, config, hash, sha } = subject
  const asked = whomItWaitsFor(subject, gates)
  if (release.phase.is !== "cut" || !asked) return
  const { gate, people, more } = asked
  const since = release.phase.candidate.at
  const check = run.handles[readinessTarget(sha, release.component)]?.url
  const { version } = release.phase.candidate
  say(run, release.id, `approval-asked:${hash}`, since, config, {
    ...whom(config, people, more),
    because: gate.because,
    version,
    ...(check ? { check } : {}),
  })
}

/** Who may approve a release that waits for people, and has not; undefined: it waits for nobody, or nobody knows for whom. */
export function whomItWaitsFor(
  subject: Subject,
  gates: readonly Gate[],
): { readonly gate: Gate; readonly people: readonly string[]; readonly more: number } | undefined {
  const { release, hash } = subject
  const gate = waitsFor(gates)
  if (release.phase.is !== "cut" || release.phase.publishing || release.hold || !gate) return undefined
  const may = whoMayApprove(subject)
  if (may.is !== "people") return undefined
  const done = new Set(
    release.approvals.filter((one) => one.candidate === hash).map(({ by }) => by.login.toLowerCase()),
  )
  return { gate, people: may.people.filter((login) => !done.has(login.toLowerCase())), more: may.more }
}

/**
 * The same of each release that waits to enter an environment for its people's word; where nobody is left who could give it,
 * those are told who can change that.
 */
export function askAtEntries(run: Run): void {
  for (const request of openRequests(run.state)) {
    if (leadOf(run.state, request) !== request) continue
    const standing = standingOf(run, request)
    const gate = standing.is === "judged" ? waitsFor(standing.judged.map((one) => one.gate)) : undefined
    const line = standing.is === "judged" ? own(run.state.lines, standing.release.branch) : undefined
    if (standing.is !== "judged" || !gate || !line || request.hold || !run.state.approvers) continue
    const { approvers } = run.state
    const { release, entries } = standing
    const rules = entries.flatMap(({ rules: one }) => entryRule(one) ?? []).flatMap(rulesIn)
    const done = request.approvals.filter(({ candidate }) => candidate === entries[0]?.hash).map(({ by }) => by)
    // Somebody whom a file names by login is known by that alone.
    const isDone = (who: Person) => done.some((by) => by.id === who.id || sameLogin(by.login, who.login))
    const isFree = (who: Person) => !isDone(who) && reaches(release.phase, who)
    const logins = rules.flatMap((rule) =>
      eligible(run.state, approvers, rule)
        .filter(isFree)
        .map(({ login }) => login),
    )
    const people = [...new Set(logins)]
    const config = configOf(line)
    const nobody = nobodyLetsIn(entries)
    if (nobody) {
      const { environment } = request
      const reaching = { is: "nobody left", ...nobody, environment, asks: adminsOf(run.state, config) } as const
      reply(run, release.id, `nobody-left:${answerTarget(request)}`, reaching)
      continue
    }
    say(run, release.id, `approval-asked:${answerTarget(request)}`, request.at, config, {
      ...whom(config, people.slice(0, ASKED_MOST), Math.max(0, people.length - ASKED_MOST)),
      because: gate.because,
      version: release.phase.candidate.version,
      environment: request.environment,
      check: environmentCheckUrl(run, request.environment, release.phase.candidate.sha),
    })
  }
}

/** When somebody is reminded next. */
export function remindersAt(run: Run): readonly string[] {
  const releases = run.state.releases.flatMap(({ phase, branch, hold }) =>
    phase.is === "cut" && !phase.publishing && !hold ? [{ since: phase.candidate.at, branch }] : [],
  )
  const entries = openRequests(run.state).flatMap(({ release, at, hold }) => {
    const branch = release === undefined ? undefined : releaseOf(run.state, release)?.branch
    return branch === undefined || hold ? [] : [{ since: at, branch }]
  })
  return [...releases, ...entries].flatMap(({ since, branch }) => {
    const line = own(run.state.lines, branch)
    const every = line && configOf(line).slack.remind
    if (every === undefined) return []
    const next = turnOf(run, since, every) + 1
    return next > REMINDED_MOST ? [] : [new Date(Date.parse(since) + next * every * 60_000).toISOString()]
  })
}

const waitsFor = (gates: readonly Gate[]): Gate | undefined =>
  gates.find(({ name, state }) => name === "approvals" && state === "pending")

/** How many times the interval has passed. */
const turnOf = ({ now }: Run, since: string, minutes: number): number =>
  Math.max(0, Math.floor((now.getTime() - Date.parse(since)) / (minutes * 60_000)))

type Asking = Omit<Asked, "is" | "again" | "since">

function say(run: Run, release: string, name: string, since: string, config: Config, asking: Asking): void {
  const { remind } = config.slack
  reply(run, release, name, { is: "approval asked", ...asking, since, again: 0 })
  const turn = remind === undefined ? 0 : turnOf(run, since, remind)
  if (turn === 0 || turn > REMINDED_MOST) return
  reply(run, release, `${name}:${turn}`, { is: "approval asked", ...asking, since, again: turn })
}

const whom = (config: Config, logins: readonly string[], more: number): Pick<Asking, "asks" | "more"> => ({
  asks: mentioned(config, logins),
  more,
})
