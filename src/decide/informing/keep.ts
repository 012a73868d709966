import type { Mail, Post } from "../../model/bulletin.ts"
import type { Informed } from "../../model/communication.ts"
import { hashOf } from "../../model/hash.ts"
import { own } from "../../model/own.ts"
import type { Release } from "../../model/release.ts"
import { fullName } from "../../model/repository.ts"
import { versionOf } from "../candidate.ts"
import { planOf } from "../plan-of.ts"
import { putRelease, type Run, releaseOf } from "../run.ts"

/** Of whom it is told once and for all; the first e-mail of a release gives all of them their subject. */
export function keep(run: Run, id: string, told: Partial<Informed>): Informed {
  const release = releaseOf(run.state, id)
  const before = release?.informed
  const informed: Informed = {
    announcedTo: [],
    backs: [],
    ...before,
    subject: before?.subject ?? (release ? subjectOf(run, release) : ""),
    ...told,
  }
  if (release) putRelease(run, { ...release, informed })
  return informed
}

function subjectOf(run: Run, release: Release): string {
  const line = own(run.state.lines, release.branch)
  const isOut = release.phase.is === "published"
  const name = isOut ? release.announced?.name : line && planOf(run.state, line, release)?.release.name
  const component = release.component === "" ? "" : ` ${release.component}`
  return `${fullName(run.repo)}${component} ${versionOf(release)}${name === undefined ? "" : ` — ${name}`}`
}

/** What no peer took for so long is no news any more, whatever it is tried again for. */
const LATE_MS = 24 * 60 * 60_000
const whileNews = ({ now }: Run) => ({ guard: { notAfter: new Date(now.getTime() + LATE_MS).toISOString() } })

/** One e-mail to one address, once. Those to one address keep their order; nobody waits for somebody else's. */
export function pushMail(run: Run, content: Mail): void {
  const address = hashOf(content.to.toLowerCase()).slice(0, 12)
  const target = `mail:${content.release}:${content.event}:${address}`
  // Who is a stakeholder and in an audience is told once.
  if (run.effects.some(({ key }) => key === target)) return
  run.effects.push({
    kind: "mail",
    key: target,
    target,
    lane: `mail:${content.release}:${address}`,
    mode: "append",
    // Nothing is ever looked up by it.
    forgets: true,
    ...whileNews(run),
    content,
  })
}

const channelHash = (channel: string): string => hashOf(channel).slice(0, 12)

/** The target of a message about a release in a channel. */
export const postTarget = (release: string, event: string, channel: string): string =>
  `post:${release}:${event}:${channelHash(channel)}`

/** A message in a channel, once. Where it stands is remembered: what comes of it later is said below it. */
export function pushPost(run: Run, release: string, event: string, content: Post): void {
  const target = postTarget(release, event, content.channel)
  run.effects.push({
    kind: "post",
    key: target,
    target,
    lane: `post:${release}:${channelHash(content.channel)}`,
    mode: "append",
    ...(content.under === undefined ? {} : { forgets: true }),
    ...whileNews(run),
    content,
  })
}
