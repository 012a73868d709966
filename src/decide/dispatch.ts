import type { After, Dispatch, DispatchedRun } from "../model/after.ts"
import type { Reply } from "../model/message.ts"
import type { Outcome } from "../model/outcome.ts"
import { own } from "../model/own.ts"
import type { Release } from "../model/release.ts"
import type { Ran } from "../model/signal.ts"
import { versionOf } from "./candidate.ts"
import { releaseUrl } from "./links.ts"
import { configOf } from "./plan-of.ts"
import { putRelease, type Run, record, releaseOf, reply } from "./run.ts"
import { plain } from "./wording.ts"

/** A run may be older than our word for when it was asked for by what two clocks differ. */
const CLOCKS_DIFFER_MS = 60_000
const RUNS_KEPT = 10

const dispatchTarget = (release: string): string => `dispatch:${release}`
const lookTarget = (release: string): string => `dispatch-look:${release}`

/** How people call it: the workflow's file, or the type of the event. */
export const dispatchName = ({ to }: Dispatch): string => ("workflow" in to ? to.workflow : to.event)

/** Starts what the configuration names, once a release of ours is out. */
export function beginDispatch(run: Run, release: Release): void {
  const line = own(run.state.lines, release.branch)
  const to = line && configOf(line).publish.dispatch
  if (!to || release.phase.is !== "published" || release.after?.dispatch) return
  put(run, release, { to, asked: run.at, is: "asked", runs: [] })
  const { sha } = release.phase.candidate
  const version = versionOf(release)
  record(
    run,
    "dispatched",
    { to: "workflow" in to ? to.workflow : to.event, tag: release.tag },
    { release: release.id },
  )
  run.effects.push({
    kind: "dispatch",
    key: dispatchTarget(release.id),
    target: dispatchTarget(release.id),
    lane: dispatchTarget(release.id),
    mode: "append",
    content: {
      to,
      asked: run.at,
      tag: release.tag,
      sha,
      inputs: {
        version,
        tag: release.tag,
        sha,
        component: release.component,
        notes_url: releaseUrl(run.repo, release),
      },
    },
  })
}

/** GitHub took it or refused it; or has answered what became of it, when its time had passed. */
export function dispatchEnded(run: Run, target: string, outcome: Outcome, at: string): void {
  const release = releaseOf(run.state, target.slice(target.indexOf(":") + 1))
  const dispatch = release?.after?.dispatch
  if (!release || !dispatch || outcome.is === "retry") return
  const seen = outcome.is === "done" ? runIn(outcome.result) : undefined
  const runs = seen ? withRun(dispatch.runs, seen) : dispatch.runs
  if (target === lookTarget(release.id)) {
    tellLate(run, release, put(run, release, { ...dispatch, is: "late", runs }), at)
  } else if (outcome.is === "done") {
    put(run, release, { ...dispatch, is: dispatch.is === "asked" ? "sent" : dispatch.is, runs })
  } else {
    const because = plain(outcome.because)
    say(run, put(run, release, { ...dispatch, is: "refused", because }), "refused", {
      state: "not started",
      because,
      at,
    })
  }
}

/** A workflow run went a step further: it may be one of a release's. */
export function ran(run: Run, signal: Ran): void {
  const release = releaseOfRun(run, signal)
  const dispatch = release?.after?.dispatch
  if (!release || !dispatch) return
  const name = signal.path.slice(signal.path.lastIndexOf("/") + 1) || dispatchName(dispatch)
  const { run: id, state, word, attempt, url } = signal
  const now: DispatchedRun = { id, name, state, word, attempt, ...(url ? { url } : {}) }
  const runs = withRun(dispatch.runs, now)
  if (runs === dispatch.runs) return
  const put_ = put(run, release, { ...dispatch, runs })
  tellEnd(run, put_, now, signal.at)
}

/** An event of the same type may be sent for several releases: the run is the last one's, as GitHub starts it at once. */
function releaseOfRun(run: Run, signal: Ran): Release | undefined {
  const mine = run.state.releases.filter((it) => it.after?.dispatch && isOf(it, it.after.dispatch, signal))
  const known = mine.find(({ after }) => after?.dispatch?.runs.some(({ id }) => id === signal.run))
  const asked = ({ after }: Release): string => after?.dispatch?.asked ?? ""
  return (
    known ?? mine.reduce<Release | undefined>((last, it) => (last && asked(last) > asked(it) ? last : it), undefined)
  )
}

/** A run that is known; else one of the same workflow on the same tag, or of the same event, since it was asked for. */
function isOf(release: Release, dispatch: Dispatch, signal: Ran): boolean {
  if (dispatch.runs.some(({ id }) => id === signal.run)) return true
  const { to, asked } = dispatch
  if (Date.parse(signal.began) < Date.parse(asked) - CLOCKS_DIFFER_MS) return false
  if ("event" in to) return signal.event === "repository_dispatch" && signal.title === to.event
  return (
    signal.event === "workflow_dispatch" &&
    signal.path.endsWith(`/${to.workflow}`) &&
    signal.ref === release.tag &&
    release.phase.is === "published" &&
    signal.sha === release.phase.candidate.sha
  )
}

/** Asks GitHub once more when the time limit passed and nothing has ended: a webhook may have been lost. */
export function lookLate(run: Run): void {
  for (const release of run.state.releases) {
    const dispatch = release.after?.dispatch
    const limit = dispatch && limitOf(dispatch)
    if (!dispatch || limit === undefined || run.at < limit || release.phase.is !== "published") continue
    put(run, release, { ...dispatch, is: "late" })
    const known = dispatch.runs.at(-1)?.id
    run.effects.push({
      kind: "dispatch-look",
      key: lookTarget(release.id),
      target: lookTarget(release.id),
      lane: dispatchTarget(release.id),
      mode: "append",
      content: {
        to: dispatch.to,
        asked: dispatch.asked,
        tag: release.tag,
        sha: release.phase.candidate.sha,
        ...(known === undefined ? {} : { run: known }),
      },
    })
  }
}

/** When a dispatch that has not ended is too late (ISO 8601); undefined: it has, or it is an event that may go unanswered. */
function limitOf({ to, asked, is, runs }: Dispatch): string | undefined {
  const hasEnded = runs.length > 0 && runs.every(({ state }) => state !== "running")
  if (to.within === undefined || hasEnded || (is !== "asked" && is !== "sent")) return undefined
  return new Date(Date.parse(asked) + to.within * 60_000).toISOString()
}

/** Instants at which a time limit passes. */
export const dispatchLimits = (run: Run): readonly string[] =>
  run.state.releases.flatMap(({ after }) => (after?.dispatch && limitOf(after.dispatch)) ?? [])

function tellLate(run: Run, release: Release, after: Release, at: string): void {
  const dispatch = after.after?.dispatch
  const last = dispatch?.runs.at(-1)
  const within = dispatch?.to.within
  if (!dispatch || within === undefined) return
  if (!last)
    say(run, release, "never", { state: "not started", because: `no run of it began within ${within} minutes`, at })
  else if (last.state === "running")
    say(run, release, "late", {
      state: "late",
      because: `it has not ended within ${within} minutes`,
      at,
      ...linkOf(last),
    })
  else tellEnd(run, after, last, at)
}

function tellEnd(
  run: Run,
  release: Release,
  { id, name, state, word, attempt, ...more }: DispatchedRun,
  at: string,
): void {
  if (state === "running") return
  say(run, release, `${id}:${attempt}:${word}`, {
    what: name,
    state,
    at,
    ...linkOf(more),
    ...(state === "failed" ? { because: word.replaceAll("_", " ") } : {}),
  })
}

const linkOf = ({ url }: Pick<DispatchedRun, "url">): { url?: string } => (url === undefined ? {} : { url })

type Said = Omit<Extract<Reply, { is: "followed" }>, "is" | "what" | "version"> & { readonly what?: string }

function say(run: Run, release: Release, name: string, said: Said): void {
  const dispatch = release.after?.dispatch
  if (!dispatch) return
  const what = said.what ?? dispatchName(dispatch)
  reply(run, release.id, `dispatch:${name}`, { is: "followed", version: versionOf(release), ...said, what })
  record(run, "dispatch followed", { what, state: said.state, because: said.because ?? "" }, { release: release.id })
}

function put(run: Run, release: Release, dispatch: Dispatch): Release {
  const after: After = { ...release.after, dispatch }
  return putRelease(run, { ...release, after })
}

/** The same list where nothing is new: a late `queued` says nothing of a run that has ended. */
function withRun(runs: readonly DispatchedRun[], now: DispatchedRun): readonly DispatchedRun[] {
  const old = runs.find(({ id }) => id === now.id)
  if (old && (now.attempt < old.attempt || (now.attempt === old.attempt && old.state !== "running"))) return runs
  if (old && old.attempt === now.attempt && old.word === now.word) return runs
  return [...runs.filter((it) => it !== old), now].slice(-RUNS_KEPT)
}

/** What an effect found out of a run. */
function runIn(result: Extract<Outcome, { is: "done" }>["result"]): DispatchedRun | undefined {
  const { id, name, state, word, attempt, url } = result ?? {}
  if (typeof id !== "string" || typeof name !== "string" || typeof word !== "string") return undefined
  if (state !== "running" && state !== "succeeded" && state !== "failed") return undefined
  return {
    id,
    name,
    state,
    word,
    attempt: typeof attempt === "number" ? attempt : 1,
    ...(typeof url === "string" ? { url } : {}),
  }
}
