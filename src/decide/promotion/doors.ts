import { DEFAULT_CONFIG } from "../../model/config.ts"
import { rulingOf } from "../../model/entry-rules.ts"
import { environmentNamed } from "../../model/environment-named.ts"
import { own } from "../../model/own.ts"
import type { EnvironmentPage } from "../../model/page.ts"
import { isSameEnvironment, type ProtectionRequest } from "../../model/protection.ts"
import type { Release } from "../../model/release.ts"
import type { Line, State } from "../../model/state.ts"
import { verdictKey } from "../../model/verdict.ts"
import { environmentPage } from "../environment-page.ts"
import { configOf } from "../plan-of.ts"
import type { Run } from "../run.ts"
import type { Out } from "./entry.ts"
import { isTogether, openRequests, releaseAt, requestsIn } from "./requests.ts"

/**
 * A published release before an environment of its configuration. `open`: it may still enter, and a verdict stands on it.
 * `asked`: a deployment of it waits at GitHub, and is what people are asked about. `let in`: one was, and is on its way.
 * `there`: it went in; `again`: it did not stay well, and may be let in once more by who may. `past`: it never will.
 */
export interface Door {
  readonly release: Out
  /** As the configuration names it. */
  readonly environment: string
  readonly stands: Stands
}

type Stands =
  | { readonly is: "open" | "asked" }
  /** ISO 8601: when it is asked for anew, unless the deployment is heard of before. */
  | { readonly is: "let in"; readonly until: string }
  | { readonly is: "there"; readonly as: EnvironmentPage["state"]; readonly again: boolean }
  | { readonly is: "past"; readonly because: string }

/** Each is a check run that is kept up to date: of more, the newest releases have theirs. */
const DOORS_MOST = 200
/** Of a branch and component these are looked at, besides what is live somewhere: one is on its way, one comes. */
const NEWEST = 2

/** Every release that is still to be decided on for some environment, the newest first. */
export function doorsOf(run: Run): readonly Door[] {
  const doors = Object.values(run.state.lines).flatMap((line) => {
    const names = line.retired === undefined ? environmentsOf(run, line) : []
    return names.length === 0 ? [] : doorsOn(run, line, names)
  })
  return doors.toSorted((a, b) => Number(b.release.id) - Number(a.release.id)).slice(0, DOORS_MOST)
}

/** Those that the configuration in force names, and those that the branch's file names now. */
export function environmentsOf({ state, repo }: Run, of: Line): readonly string[] {
  const line = rulingOf(state, of, repo.defaultBranch)?.line ?? of
  const inForce = Object.keys((line.inForce.config?.value ?? DEFAULT_CONFIG).environments)
  const others = Object.keys(configOf(line).environments)
  return [...inForce, ...others.filter((name) => !inForce.some((one) => isSameEnvironment(one, name)))]
}

function doorsOn(run: Run, line: Line, names: readonly string[]): readonly Door[] {
  const out = run.state.releases.filter(isOut).filter(({ branch }) => branch === line.branch)
  const byComponent = Map.groupBy(out, ({ component }) => component)
  return [...byComponent.values()].flatMap((releases) => {
    const newest = releases.toSorted((a, b) => (a.phase.at < b.phase.at ? -1 : 1)).slice(-NEWEST)
    const wanted = releases.filter((one) => newest.includes(one) || isLive(run.state, names, one))
    return wanted.flatMap((release) =>
      names.map((environment) => ({ release, environment, stands: standsBefore(run, release, environment) })),
    )
  })
}

const isLive = (state: State, names: readonly string[], { id, component }: Out): boolean =>
  names.some((name) => environmentNamed(state, name, component)?.live?.release === id)

export function standsBefore(run: Run, release: Out, environment: string): Stands {
  const { state } = run
  const of = { sha: release.phase.candidate.sha, environment, release: release.id }
  if (openRequests(state).some((request) => isTogether(request, of) && releaseAt(state, request) === release.id))
    return { is: "asked" }
  const here = environmentNamed(state, environment, release.component)
  const page = here && environmentPage(run, here, release)
  const reopened = own(state.verdicts, verdictKey({ release: release.id, environment }))?.reopened === true
  const isThere = page?.state === "live" || page?.state === "verifying"
  const isUnasked = isThere && here?.live?.unasked === true
  const isGone = page?.state === "failed" || page?.state === "rolled back" || isUnasked
  const newer = here?.live && newerLive(state, release, here.live.release)
  if (page && !(reopened && isGone)) return { is: "there", as: page.state, again: isGone && newer === undefined }
  if (newer !== undefined) return { is: "past", because: `${newer} is live in ${environment}, which is newer` }
  const until = page ? undefined : letInBy(run, of)
  return until === undefined ? { is: "open" } : { is: "let in", until }
}

/** What is live in its place, where that was published after it from the same branch. */
function newerLive({ releases }: State, { branch, id, phase }: Out, live: string): string | undefined {
  const other = releases.find((one) => one.id === live)
  if (other?.phase.is !== "published" || other.id === id || other.branch !== branch) return undefined
  return other.phase.at > phase.at ? other.phase.candidate.version : undefined
}

export const isOut = (release: Release): release is Out => release.phase.is === "published"

/** A deployment that was let in and is not heard of for so long never began, or nobody tells of it. */
const LET_IN_MS = 24 * 60 * 60_000

/** Until when the newest answer of the environment stands for a deployment on its way. ISO 8601 */
function letInBy(
  { state, at }: Run,
  of: Pick<ProtectionRequest, "sha" | "environment" | "release">,
): string | undefined {
  const { end } =
    requestsIn(state).findLast((request) => isTogether(request, of) && request.release === of.release) ?? {}
  if (end?.is !== "answered" || end.verdict !== "approved") return undefined
  const until = new Date(Date.parse(end.at) + LET_IN_MS).toISOString()
  return at < until ? until : undefined
}
