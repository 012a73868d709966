import type { BulletinNews, Mail } from "../../model/bulletin.ts"
import { communicationOf, withoutTwins } from "../../model/communication.ts"
import { isStable } from "../../model/known-tags.ts"
import { own } from "../../model/own.ts"
import type { Plan } from "../../model/plan.ts"
import type { Release } from "../../model/release.ts"
import { versionOf } from "../candidate.ts"
import { planOf, statedFor } from "../plan-of.ts"
import { type Run, record, releaseOf } from "../run.ts"
import { bulletinOf } from "./bulletin.ts"
import { keep, pushMail } from "./keep.ts"
import { timesTakenBack, withKey } from "./taken-back.ts"

/** What happened longer ago, when Slipway hears of it or is given a mail server, is no news any more. */
const LATE_MS = 24 * 60 * 60_000
/** So many people follow one release by e-mail; for more there are mailing lists. */
const MOST = 100

/**
 * Tells the stakeholders whom the plan names by e-mail address of a release: when it is announced, when it is out, and
 * when it was rolled back. Each is told once; who joins later has it announced then. A prerelease tells nobody
 * (docs/decisions/0013-*): what it brings is told by the release that it leads to.
 */
export function informStakeholders(run: Run): void {
  if (run.state.announcements.mail !== "on") return
  for (const release of run.state.releases) {
    if (release.phase.is === "published") tellOfPublished(run, release)
    else if (release.next.next !== null) announce(run, release)
  }
}

/** From when it is pinned, or before that where its plan says which version it is or when it comes. */
function announce(run: Run, release: Release): void {
  const line = own(run.state.lines, release.branch)
  const plan = line && !line.broken ? planOf(run.state, line, release) : null
  if (!plan || release.hold || !isStable(versionOf(release))) return
  const isPlanned = plan.release.date !== undefined || statedFor(plan, release) !== undefined
  if (release.phase.is === "drafted" && !isPlanned) return
  const { zone, stakeholders } = communicationOf(plan)
  const known = new Set(release.informed?.announcedTo.map((address) => address.toLowerCase()))
  const fresh = stakeholders.slice(0, MOST).filter((address) => !known.has(address.toLowerCase()))
  if (fresh.length === 0) return
  const { date } = plan.release
  const news: BulletinNews = { is: "coming", ...(date === undefined ? {} : { date }), timeline: timelineOf(plan) }
  send(run, release, { event: "announced", to: fresh, zone, plan, news })
  keep(run, release.id, { announcedTo: [...(release.informed?.announcedTo ?? []), ...fresh] })
}

const timelineOf = ({ timeline }: Plan) =>
  Object.entries(timeline).flatMap(([what, at]) => (at ? [{ what: what.replaceAll("_", " "), at }] : []))

function tellOfPublished(run: Run, release: Release): void {
  const { phase, informed, id } = release
  if (phase.is !== "published" || !isStable(phase.candidate.version)) return
  const { zone, stakeholders } = phase.communication ?? { zone: "UTC", stakeholders: [] }
  const to = withoutTwins([...stakeholders.slice(0, MOST), ...(informed?.announcedTo ?? [])])
  if (to.length === 0) return
  if (informed?.published !== true) {
    const news: BulletinNews = { is: "published", at: phase.at, by: phase.by }
    if (isNews(run, phase.at)) send(run, release, { event: "published", to, zone, news })
    keep(run, id, { published: true })
  }
  for (const back of timesTakenBack(run, release)) {
    const { backs } = releaseOf(run.state, id)?.informed ?? {}
    if (backs?.includes(back.key)) continue
    if (isNews(run, back.at)) send(run, release, { event: back.key, to, zone, news: back.news })
    keep(run, id, { backs: withKey(backs, back) })
  }
}

const isNews = (run: Run, at: string): boolean => run.now.getTime() - Date.parse(at) <= LATE_MS

interface Sending extends Pick<Mail, "event"> {
  readonly to: readonly string[]
  readonly zone: string
  readonly plan?: Plan
  readonly news: BulletinNews
}

function send(run: Run, { id }: Release, { event, to, zone, plan, news }: Sending): void {
  const { subject } = keep(run, id, {})
  const release = releaseOf(run.state, id)
  if (!release) return
  const bulletin = bulletinOf(run, release, { zone, ...(plan ? { plan } : {}), news })
  for (const address of to) pushMail(run, { to: address, release: id, subject, event, at: run.at, bulletin })
  record(run, "stakeholders told", { of: news.is, version: bulletin.version, addresses: to.length }, { release: id })
}
