import { trackFor } from "../decide/division.ts"
import { severalPlans } from "../decide/gates/configuration.ts"
import { versionGate } from "../decide/gates/version.ts"
import { emptyState } from "../decide/learn.ts"
import { nextOnLine, previousOn } from "../decide/next-on-line.ts"
import { chosenPlan } from "../decide/plan-of.ts"
import { basesFirst } from "../model/bases-first.ts"
import type { Change, Commit } from "../model/change.ts"
import { type Component, isWhole, pathsAsked } from "../model/component.ts"
import { changesBetween } from "../model/component-ledger.ts"
import type { Config } from "../model/config.ts"
import { knownTags } from "../model/known-tags.ts"
import type { Base, Ledger, Start } from "../model/ledger.ts"
import type { Release } from "../model/release.ts"
import type { Line } from "../model/state.ts"
import type { NextVersion } from "../model/version.ts"
import type { Workspace } from "../model/workspace.ts"
import { tryGit } from "./git.ts"
import type { LocalBranch } from "./local-branch.ts"
import type { LocalPlans } from "./local-plan.ts"
import { localPulls } from "./local-pulls.ts"
import { type Clone, firstsBehind, versionTags } from "./read-clone.ts"
import { readLog } from "./read-log.ts"

/** What is not released yet of one component of a clone, or of the whole of it, whose component has no name. */
export interface LocalRelease {
  readonly component: Component
  /** The release that the next one follows: on a channel its last prerelease. */
  readonly previous: Base | null
  readonly next: NextVersion
  /** Since `previous`, oldest first. */
  readonly changes: readonly Change[]
  /** Why the version that the plan states cannot come out. */
  readonly misplanned?: string
  /** The file of the plan that speaks of it. */
  readonly plan?: string
}

export interface LineRequest {
  readonly config: Config
  readonly branch: LocalBranch
  readonly plan: LocalPlans
  readonly components: readonly Component[]
  /** Of each of them, as `tagsOf` reads them. */
  readonly tags: readonly (readonly Base[])[]
  readonly workspace?: Workspace | undefined
  /** A full SHA. */
  readonly to: string
  /** Where the changes begin instead of at the last release; then the tags of the clone take no version. */
  readonly from?: Start & { readonly since: string }
}

/** A clone as the branch that the App would see. git names no files of a merge: what it brought stands before it. */
export async function localLine(clone: Clone, request: LineRequest): Promise<Line> {
  const { config, branch, plan, components, tags, workspace, to, from } = request
  const starts = from ? [from] : await startsOf(clone, request)
  const since = from ? from.since : await behindAll(clone, starts)
  const files = pathsAsked(config, components).length > 0
  const commits = await readLog(clone.directory, since, to, { files })
  const begins = from ? starts : starts.map((start, at) => withTags(start, tags[at] ?? [], commits, branch))
  const ledger: Ledger = {
    branch: branch.name,
    base: null,
    ...(isWhole(components)
      ? begins[0]
      : { starts: Object.fromEntries(components.map(({ name }, at) => [name, begins[at] as Start])) }),
    head: to,
    commits,
    pulls: localPulls(commits),
    heads: [],
  }
  return {
    branch: branch.name,
    kind: branch.kind,
    ledger,
    config: { is: "valid", path: ".github/slipway.yml", blob: "", value: config },
    plan: plan.seen,
    plans: plan.folder,
    inForce: {},
    ...(workspace ? { workspace } : {}),
  }
}

/** By the rules of the App: what a component's next release is, and what is in it. */
export function releaseOn(line: Line, component: Component): LocalRelease {
  const previous = previousOn(emptyState, line, component.name)
  const release: Release = {
    id: "1",
    branch: line.branch,
    component: component.name,
    phase: { is: "drafted" },
    previous,
    next: { current: null, next: null, bump: null, because: [] },
    tag: "",
    hand: { above: "", below: "" },
    redraws: 0,
    approvals: [],
    answers: [],
    rolledBack: [],
  }
  const track = trackFor(line, release)
  const changes = track ? changesBetween(track, "own", previous?.sha, undefined) : []
  const next = nextOnLine(emptyState, line, release, changes)
  const chosen = chosenPlan(emptyState, line, release)
  const plan = chosen.is === "one" ? { plan: chosen.plan.path } : {}
  return { component, previous, changes, next, ...misplanned(line, { ...release, next }), ...plan }
}

/** What the gate `version` says of the plan; what it says of a statement that is refused, `next` says as well. */
function misplanned(line: Line, release: Release): Pick<LocalRelease, "misplanned"> {
  const { next, refused = [] } = release.next
  const chosen = chosenPlan(emptyState, line, release)
  if (chosen.is === "several") return { misplanned: severalPlans(chosen.plans) }
  if (chosen.is === "none" || next === null || refused.length > 0) return {}
  const gate = versionGate({ plan: chosen.plan.value, release, line, state: emptyState })
  return gate?.state === "failed" ? { misplanned: gate.because } : {}
}

/** Version tags of each component, the highest version first. */
export const tagsOf = (clone: Clone, components: readonly Component[]): Promise<readonly (readonly Base[])[]> =>
  versionTags(
    clone,
    components.map(({ tag }) => tag),
  )

async function startsOf(clone: Clone, { branch, to, tags }: LineRequest): Promise<readonly Start[]> {
  const likely = tags.map((all) => basesFirst(branch.name, branch.kind, all))
  return (await firstsBehind(clone, to, likely)).map((base) => ({ base }))
}

/** What came out elsewhere is taken; not so for a commit of the past, which knew nothing of it. */
function withTags(start: Start, all: readonly Base[], commits: readonly Commit[], branch: LocalBranch): Start {
  const tags = knownTags(all, { base: start.base, commits, kind: branch.kind })
  return { ...start, tags: branch.isTip ? tags : { ...tags, outside: [] } }
}

/** A commit behind all of the last releases; null: history begins with the first one. */
async function behindAll(clone: Clone, starts: readonly Start[]): Promise<string | null> {
  const shas = [...new Set(starts.flatMap(({ base }) => base?.sha ?? []))]
  if (shas.length === 0 || starts.some(({ base }) => base === null)) return null
  if (shas.length === 1) return shas[0] ?? null
  const { code, stdout } = await tryGit(clone.directory, ["merge-base", "--octopus", ...shas])
  return code === 0 ? stdout.trim() : null
}
