import type { BulletinNews } from "../../model/bulletin.ts"
import {
  type Communication,
  communicationOf,
  type MessageEnd,
  messageName,
  type PlannedMessage,
} from "../../model/communication.ts"
import { hashOf } from "../../model/hash.ts"
import { isStable } from "../../model/known-tags.ts"
import { own } from "../../model/own.ts"
import type { Plan } from "../../model/plan.ts"
import { validPlans } from "../../model/plan-folder.ts"
import type { Release } from "../../model/release.ts"
import type { State } from "../../model/state.ts"
import { versionOf } from "../candidate.ts"
import { configOf, planOf, statedFor } from "../plan-of.ts"
import { gatesOfRelease, notPassed } from "../readiness.ts"
import { subjectOf } from "../release-changes.ts"
import { type Run, record, releaseOf, reply } from "../run.ts"
import { plural } from "../wording.ts"
import { placesOf } from "./audience.ts"
import { bulletinOf } from "./bulletin.ts"
import { keep, pushMail, pushPost } from "./keep.ts"
import { arrived } from "./live.ts"

/** What was due longer ago than this, when Slipway hears of it, is not said any more. */
const LATE_MS = 24 * 60 * 60_000

/**
 * Says what the plan's `communication` wants said, each entry once, at its time; what comes after the release, only once
 * that is live and verified. On hold, rolled back or out already, what was due is not said, and the page says why.
 */
export function informAudiences(run: Run): void {
  for (const release of run.state.releases) {
    if (!isTold(release)) continue
    const known = new Set(release.informed?.messages?.map(messageName))
    const messages = communicationFor(run.state, release)?.messages ?? []
    for (const message of messages) if (!known.has(messageName(message))) look(run, release.id, message)
    forget(run, release.id, new Set(messages.map(messageName)))
  }
}

/** More of what was sent is not remembered for its follow-up. */
const SENT_KEPT = 500

/** What was not sent, and stands in the plan no more, needs no memory; who was told is told of a rollback, too. */
function forget(run: Run, id: string, planned: ReadonlySet<string>): void {
  const messages = releaseOf(run.state, id)?.informed?.messages ?? []
  const others = messages.filter((one) => !planned.has(messageName(one)))
  const sent = others.filter(({ to }) => to.length > 0).slice(-SENT_KEPT)
  if (sent.length < others.length)
    keep(run, id, { messages: messages.filter((one) => planned.has(messageName(one)) || sent.includes(one)) })
}

/** When the next of them comes. ISO 8601 */
export const messageTimes = (run: Run): readonly string[] =>
  run.state.releases.flatMap((release) => {
    if (!isTold(release)) return []
    const next = communicationFor(run.state, release)
      ?.messages.map(({ at }) => at)
      .filter((at) => at > run.at)
      .sort()[0]
    return next === undefined ? [] : [next]
  })

/** A prerelease tells nobody (docs/decisions/0013-*), and what is no release yet either. */
const isTold = (release: Release): boolean =>
  (release.phase.is !== "drafted" || release.next.next !== null) && isStable(versionOf(release))

/**
 * Of a release that is out: what a plan says that still names its version, since dates may move; else what it was published
 * with.
 */
function communicationFor(state: State, release: Release): Communication | undefined {
  const line = own(state.lines, release.branch)
  if (!line) return undefined
  const { phase } = release
  if (phase.is !== "published") {
    const plan = line.broken ? null : planOf(state, line, release)
    return plan ? communicationOf(plan) : undefined
  }
  const plans: Plan[] = [...validPlans(line.plans ?? []), line.plan].flatMap((seen) =>
    seen.is === "valid" ? [seen.value] : [],
  )
  const current = plans.find((plan) => statedFor(plan, release) === phase.candidate.version)
  return phase.communication && current ? communicationOf(current) : phase.communication
}

function look(run: Run, id: string, message: PlannedMessage): void {
  const release = releaseOf(run.state, id)
  if (!release || run.at < message.at) return
  const there = arrived(run.state, release)
  const isBack = release.rolledBack.length > 0
  // It has its own time, and waits for the release beside.
  if (message.stage === "after" && !isBack && !there) return
  const due = message.stage === "after" && there && there.at > message.at ? there.at : message.at
  if (run.now.getTime() - Date.parse(due) > LATE_MS) {
    end(run, release, { ...message, is: "late", to: [] })
    return
  }
  const because = whyNot(release, message, there !== undefined)
  if (because !== undefined) end(run, release, { ...message, is: "not sent", to: [], because })
  else send(run, release, message, newsOf(run, release, message))
}

function whyNot(release: Release, { stage }: PlannedMessage, isThere: boolean): string | undefined {
  const back = release.rolledBack.at(-1)
  if (back) return `it was rolled back from ${back.environment}`
  if (release.hold) return `the release is on hold by ${release.hold.by.login}`
  if (stage === "before" && isThere) return "the release is out already"
  return undefined
}

function newsOf(run: Run, release: Release, { stage }: PlannedMessage): BulletinNews {
  const { phase } = release
  if (stage === "after") return { is: "live", environments: arrived(run.state, release)?.environments ?? [] }
  if (phase.is === "published") return { is: "published", at: phase.at, by: phase.by }
  const plan = currentPlan(run, release)
  const { date } = plan?.release ?? {}
  const timeline = Object.entries(plan?.timeline ?? {}).flatMap(([what, at]) =>
    at ? [{ what: what.replaceAll("_", " "), at }] : [],
  )
  return { is: "coming", ...(date === undefined ? {} : { date }), timeline }
}

function currentPlan(run: Run, release: Release): Plan | null {
  const line = own(run.state.lines, release.branch)
  return line && release.phase.is !== "published" ? planOf(run.state, line, release) : null
}

function send(run: Run, release: Release, message: PlannedMessage, news: BulletinNews): void {
  const line = own(run.state.lines, release.branch)
  if (!line) return
  if (message.by === "blog") {
    end(run, release, { ...message, is: "sent", to: [] })
    return
  }
  const places = placesOf(run.state, configOf(line), message)
  if ("because" in places) {
    end(run, release, { ...message, is: "not sent", to: [], because: places.because })
    return
  }
  const event = messageEvent(messageName(message))
  tellPlaces(run, release, { by: message.by, to: places.to, event, news })
  end(run, release, { ...message, is: "sent", to: places.to })
}

/** What an entry's messages are called. */
export const messageEvent = (name: string): string => `message-${hashOf(name).slice(0, 12)}`

interface Telling {
  readonly by: "slack" | "email"
  readonly to: readonly string[]
  readonly event: string
  readonly news: BulletinNews
  /** The target of the message in a channel that this one is a reply to. */
  readonly under?: (channel: string) => string | undefined
}

/** The same in each channel, or to each address. */
export function tellPlaces(run: Run, { id }: Release, { by, to, event, news, under }: Telling): void {
  const { subject } = keep(run, id, {})
  const release = releaseOf(run.state, id)
  if (!release) return
  const zone = communicationFor(run.state, release)?.zone ?? "UTC"
  const plan = currentPlan(run, release)
  const bulletin = bulletinOf(run, release, { zone, ...(plan ? { plan } : {}), news })
  for (const place of to)
    if (by === "slack") {
      const first = under?.(place)
      pushPost(run, id, event, { channel: place, bulletin, ...(first === undefined ? {} : { under: first }) })
    } else pushMail(run, { to: place, release: id, subject, event, at: run.at, bulletin })
}

const WHAT = { slack: "a message in Slack", email: "an e-mail", blog: "a blog post" } as const

/** Whatever became of it, it is not looked at again; the thread and the audit trail say what that was. */
function end(run: Run, { id }: Release, ended: MessageEnd): void {
  const before = releaseOf(run.state, id)?.informed?.messages ?? []
  keep(run, id, { messages: [...before, ended] })
  const release = releaseOf(run.state, id)
  if (!release) return
  const { by, audience, at, is, because, to } = ended
  const version = versionOf(release)
  const facts = { by, audience, at, version, places: to.length, ...(because === undefined ? {} : { because }) }
  record(run, is === "sent" ? "audience told" : "audience not told", facts, { release: id })
  if (is === "late") return
  const what = `${WHAT[by]} to ${audience}`
  const how =
    is === "not sent" ? ` (not sent: ${because})` : by === "blog" ? "" : ` (sent to ${plural(to.length, "place")})`
  const subject = release.phase.is === "published" ? undefined : subjectOf(run, release)
  const open = subject ? notPassed(gatesOfRelease(subject)).map((gate) => `${gate.name}: ${gate.because}`) : []
  reply(run, id, `message:${messageName(ended)}`, { is: "due", what: `${what}${how}`, version, at, open })
}
