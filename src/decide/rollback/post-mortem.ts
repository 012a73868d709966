import { type Environment, placeOf } from "../../model/deployment.ts"
import type { FollowedPostMortem, IncidentTimes, PostMortem } from "../../model/post-mortem.ts"
import type { RollbackNotice } from "../../model/reply-rollback.ts"
import { type Rollback, stepsOf } from "../../model/rollback.ts"
import { releaseUrl } from "../links.ts"
import { postMortemTarget, type Run, releaseOf } from "../run.ts"
import { channelOf, placesOf } from "../thread-places.ts"
import { failedIn, timelineOf } from "./timeline.ts"

/** More of them nobody works on, and the oldest ones are over. */
const FOLLOWED_MOST = 20

/**
 * Opens the issue that asks why it had to be, whether the rollback came to a good end or not. While one is open for that
 * release there, what came of another attempt is said on it: an incident has one post-mortem.
 *
 * @param failed why it came to no good end
 */
export function openPostMortem(
  run: Run,
  environment: Environment,
  rollback: Rollback,
  notice: RollbackNotice,
  failed?: string,
): void {
  const { from, id } = rollback
  const place = placeOf(environment)
  const outcome = failed === undefined ? {} : { failed }
  const open = followed(run).find(
    (one) => one.release === from.release && one.place === place && one.is !== "over" && !isRefused(run, one),
  )
  if (open) {
    const issue = postMortemTarget(open.id)
    const target = `post-mortem-note:${id}:${failed === undefined ? "done" : "failed"}`
    const content = { issue, marker: `${run.repo.id}:${target}`, notice, ...outcome }
    run.effects.push({
      kind: "post-mortem-note",
      key: target,
      target,
      lane: issue,
      mode: "append",
      forgets: true,
      content,
    })
    return
  }
  const target = postMortemTarget(id)
  const fresh: FollowedPostMortem = {
    id,
    release: from.release,
    version: from.version,
    place,
    is: "asked",
    at: run.at,
    reminded: 0,
  }
  run.state = { ...run.state, postMortems: [...followed(run), fresh].slice(-FOLLOWED_MOST) }
  run.effects.push({
    kind: "post-mortem",
    key: target,
    target,
    lane: target,
    mode: "append",
    content: {
      marker: `${run.repo.id}:${id}`,
      report: { ...reportOf(run, environment, rollback, notice), ...outcome },
    },
  })
}

/** There is none to say anything on: GitHub did not take it. */
const isRefused = ({ state }: Run, { id, is }: FollowedPostMortem): boolean =>
  is === "asked" && state.refused[postMortemTarget(id)] !== undefined

export const followed = ({ state }: Pick<Run, "state">): readonly FollowedPostMortem[] => state.postMortems ?? []

/** What the issue tells; the audit trail adds to it when it is written. */
function reportOf(run: Run, environment: Environment, rollback: Rollback, notice: RollbackNotice): PostMortem {
  const release = releaseOf(run.state, rollback.from.release)
  const out = release?.phase.is === "published" ? release.phase : undefined
  const entries = out ? [...out.notes.breaking, ...out.notes.sections.flatMap((section) => section.entries)] : []
  const seen = new Set<string>()
  return {
    ...(rollback.issue === undefined ? {} : { issue: rollback.issue }),
    notice,
    release: rollback.from.release,
    releaseUrl: release ? releaseUrl(run.repo, release) : "",
    timeline: timelineOf(run, environment, rollback),
    changes: entries
      .filter((entry) => !seen.has(entry.sha) && seen.add(entry.sha))
      .map(({ text, number, author }) => ({ text, ...(number ? { number } : {}), ...(author ? { author } : {}) })),
    gates: out?.gates.map(({ name, state, because }) => ({ name, state, because })) ?? [],
    approvals: (out?.approvals ?? [])
      .filter(({ does }) => does === "approve")
      .map(({ by, at, counts, because }) => ({ by, at, says: counts ? because : `it did not count: ${because}` })),
    channels: channelsOf(run, rollback.from.release),
    times: timesOf(environment, rollback),
  }
}

/** Those that its thread is in; in others than its own, where there is one by now. */
function channelsOf(run: Run, release: string): readonly string[] {
  if (channelOf(run, release) === null && run.state.announcements.is === "off") return []
  return placesOf(run, release).flatMap(({ channel, thread, all }) =>
    all || run.handles[thread] !== undefined ? [channel] : [],
  )
}

/** How long it took to see it, and to be over it. */
function timesOf(environment: Environment, rollback: Rollback): IncidentTimes {
  const { was = {}, begun, by, ended } = rollback
  const asked = { at: begun, what: `${by} asked for the rollback` }
  const failure = was.failed ? [{ at: was.failed.at, what: failedIn(environment.name, was.failed.because) }] : []
  const [sign = asked] = [...failure, ...(was.sign ? [was.sign] : []), asked].toSorted(
    (a, b) => Date.parse(a.at) - Date.parse(b.at),
  )
  const step = stepsOf(rollback).at(-1)
  return {
    ...(was.live === undefined ? {} : { live: was.live }),
    sign,
    asked: begun,
    ...(rollback.is === "done" && ended !== undefined
      ? { over: { at: ended, verified: step?.is === "worked" && step.verified } }
      : {}),
  }
}
