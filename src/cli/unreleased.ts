import { resolve } from "node:path"
import type { ParseArgsOptionsConfig } from "node:util"
import { valid } from "semver"
import { nextVersion } from "../decide/version.ts"
import { basesFirst } from "../model/bases-first.ts"
import type { Change } from "../model/change.ts"
import { componentsOf } from "../model/component.ts"
import { type Config, DEFAULT_CONFIG } from "../model/config.ts"
import type { Base } from "../model/ledger.ts"
import type { LineKind } from "../model/line-kind.ts"
import { versionOfTag } from "../model/tag.ts"
import type { NextVersion } from "../model/version.ts"
import { ProblemFound, WrongUsage } from "./command.ts"
import { readCommitsFile } from "./commits-file.ts"
import { branchNames, type LocalBranch, localBranch, tipOf } from "./local-branch.ts"
import { configFile, unseenAbove, writtenIn } from "./local-config.ts"
import { type LineRequest, type LocalRelease, localLine, releaseOn, tagsOf } from "./local-line.ts"
import { localPlans, PLAN_PATHS } from "./local-plan.ts"
import {
  type Clone,
  type FileAt,
  FilesAt,
  firstBehind,
  type Origin,
  openClone,
  originOf,
  resolveCommit,
  versionTags,
} from "./read-clone.ts"

/** What `next` and `notes` look at. */
export interface Unreleased {
  /** SemVer; null before the first release. On a channel its last prerelease. */
  readonly current: string | null
  readonly previous: Pick<Base, "tag" | "version"> | null
  /** Since `current`, oldest first. */
  readonly changes: readonly Change[]
  readonly next: NextVersion
  /** Why the version that the plan states cannot come out. */
  readonly misplanned?: string | undefined
  /** The file of the plan that speaks of the next version; empty where there is none. */
  readonly plan: string
  /** Where each plan states a version, by file, as `file:line:column`. */
  readonly plans: { readonly [file: string]: string }
  readonly config: Config
  /** GitHub's own file for notes, where the repository says nothing to Slipway itself. */
  readonly githubNotes?: FileAt | undefined
  /** `owner/name`, empty where it is not known. */
  readonly repository: string
  readonly webUrl: string
  /** The commit that the changes lead to; null where there is none. */
  readonly head: { readonly sha: string; readonly at: string } | null
  /** What a reader should know before they rely on it. */
  readonly warnings: readonly string[]
  /** Of each component, where the repository has some: then what is said of the whole says nothing. */
  readonly components?: readonly LocalRelease[]
}

export const OPTIONS = {
  from: { type: "string" },
  to: { type: "string" },
  branch: { type: "string" },
  config: { type: "string" },
  commits: { type: "string" },
  current: { type: "string" },
  component: { type: "string" },
  json: { type: "boolean", default: false },
} as const satisfies ParseArgsOptionsConfig

export const OPTIONS_HELP = `  --from TAG|SHA      count changes from here; default: the last release of the branch that is an ancestor of --to
  --to REF            up to here; default: HEAD, or the branch that is named
  --branch NAME       as this release branch makes versions (a channel, a range, a hotfix); default: the one that is
                      checked out. What a branch is stands in the slipway.yml of the default branch
  --config FILE       a slipway.yml to use; default: .github/slipway.yml as it is at --to
  --component NAME    only this one of the repository's components; default: each of them
  --commits FILE      a JSON array of {sha, subject, body}, newest first, instead of git; - reads standard input
  --current VERSION   with --commits: the last release; without it there was none
`

interface Options {
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly branch?: string | undefined
  readonly config?: string | undefined
  readonly commits?: string | undefined
  readonly current?: string | undefined
  readonly component?: string | undefined
}

/** Reads what is not released yet from a clone, or from a file of commits. Needs neither network nor credentials. */
export async function readUnreleased(folders: readonly string[], options: Options, cwd: string): Promise<Unreleased> {
  const found = await readFrom(folders, options, cwd)
  return { ...found, warnings: [...found.warnings, ...unseenAbove(found.config)] }
}

async function readFrom(folders: readonly string[], options: Options, cwd: string): Promise<Unreleased> {
  if (folders.length > 1) throw new WrongUsage(`one folder at a time, not ${folders.join(", ")}`)
  if (options.commits === undefined) {
    if (options.current !== undefined) throw new WrongUsage("--current belongs to --commits; a clone's tags tell it")
    return fromClone(await openClone(resolve(cwd, folders[0] ?? ".")), options, cwd)
  }
  if (
    folders.length > 0 ||
    [options.from, options.to, options.branch, options.component].some((one) => one !== undefined)
  )
    throw new WrongUsage("--commits stands for git: give it without a folder, --from, --to, --branch and --component")
  return fromFile(options.commits, options, cwd)
}

async function fromFile(file: string, options: Options, cwd: string): Promise<Unreleased> {
  const config = options.config === undefined ? DEFAULT_CONFIG : await configFile(options.config, cwd)
  const changes = await readCommitsFile(file, cwd)
  const current = options.current === undefined ? null : versionGiven(options.current, config.version.tag)
  const tag =
    current === null ? null : { version: current, tag: config.version.tag.replace("{version}", () => current) }
  const last = changes.at(-1)
  const head = last ? { sha: last.sha, at: "" } : null
  const next = nextVersion({ changes, current, config })
  return { ...NOTHING, current, previous: tag, changes, next, config, repository: "", webUrl: "", head, warnings: [] }
}

function versionGiven(text: string, template: string): string {
  const version = versionOfTag(text, "{version}") ?? versionOfTag(text, template)
  if (version === null) throw new WrongUsage(`--current ${text} is no version; it has to be SemVer such as 1.4.1`)
  return version
}

async function fromClone(clone: Clone, options: Options, cwd: string): Promise<Unreleased> {
  const tip = await tipOf(clone, options)
  const [to, origin, names] = await Promise.all([
    resolveCommit(clone, tip),
    originOf(clone),
    branchNames(clone, options),
  ])
  const files = to === null ? null : new FilesAt(clone, to, PLAN_PATHS)
  const { config, githubNotes } =
    options.config === undefined ? await writtenIn(files) : { config: await configFile(options.config, cwd) }
  if (to === null || files === null) {
    const warnings = ["there are no commits yet"]
    return { ...NOTHING, config, ...origin, head: null, warnings }
  }
  const isDivided = config.workspaces || Object.keys(config.components).length > 0 || options.component !== undefined
  const components = isDivided ? [] : componentsOf(config)
  const [branch, plan, tags] = await Promise.all([
    localBranch(clone, options, names, { config, isGiven: options.config !== undefined }),
    localPlans(files, config),
    tagsOf(clone, components),
  ])
  const [whole] = components
  if (!whole) return ofComponents(clone, config, options, { to, branch, plan, origin })
  const from =
    options.from === undefined ? {} : { from: await startAt(clone, options.from, branch, config.version.tag) }
  const line = await localLine(clone, { config, branch, plan, components, tags, to, ...from })
  const { previous, changes, next, misplanned, plan: file = "" } = releaseOn(line, whole)
  return {
    current: next.current,
    previous,
    changes,
    next,
    misplanned,
    plans: plan.places,
    plan: file,
    config,
    githubNotes,
    ...origin,
    head: { sha: to, at: line.ledger?.commits.at(-1)?.at ?? "" },
    warnings: [...branch.warnings, ...plan.warnings, ...warningsOf(clone, line.ledger?.base ?? null)],
  }
}

const NOTHING = {
  current: null,
  previous: null,
  changes: [],
  next: { current: null, next: null, bump: null, because: [] },
  plan: "",
  plans: {},
} as const

/** Read only where it is asked for: to know which paths commits touched, git compares their trees. */
async function ofComponents(
  clone: Clone,
  config: Config,
  { from, component }: Options,
  { origin, ...at }: Pick<LineRequest, "to" | "branch" | "plan"> & { readonly origin: Origin },
): Promise<Unreleased> {
  if (from !== undefined) throw new WrongUsage("--from: each component begins at its own last release")
  const { localComponents } = await import("./local-components.ts")
  const found = await localComponents(clone, config, { ...at, only: component })
  const { components } = found
  const missing = components.find(({ previous }) => previous === null)
  const warnings = [
    ...at.branch.warnings,
    ...at.plan.warnings,
    ...warningsOf(clone, missing ? null : (components[0]?.previous ?? null)),
  ]
  const head = { sha: at.to, at: found.at }
  return { ...NOTHING, plans: at.plan.places, config, ...origin, head, warnings, components }
}

/** `--from` with a version tag is that release; with anything else the release is the last one before it. */
async function startAt(
  clone: Clone,
  from: string,
  { name, kind }: LocalBranch,
  template: string,
): Promise<NonNullable<LineRequest["from"]>> {
  if (kind.is === "channel")
    throw new WrongUsage(`--from: ${name} counts from its last stable release, and from its last prerelease`)
  const since = await resolveCommit(clone, from)
  if (since === null) throw new WrongUsage("there are no commits yet")
  const version = versionOfTag(from, template) ?? valid(from)
  const base = version === null ? await baseBefore(clone, since, name, kind, template) : { tag: from, version }
  return { base: base && { ...base, sha: since }, since }
}

async function baseBefore(clone: Clone, since: string, name: string, kind: LineKind, template: string) {
  const [tags = []] = await versionTags(clone, [template])
  return firstBehind(clone, since, basesFirst(name, kind, tags))
}

function warningsOf(clone: Clone, base: Base | null): readonly string[] {
  if (!clone.shallow) return []
  if (base !== null)
    return ["this clone is shallow: changes that came in by merges may be missing; `git fetch --unshallow` brings them"]
  throw new ProblemFound(
    "this clone is shallow and holds no release, so what came since the last one is not here; run `git fetch --unshallow --tags`",
  )
}
