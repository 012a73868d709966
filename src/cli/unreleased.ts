import { resolve } from "node:path"
import type { ParseArgsOptionsConfig } from "node:util"
import { valid } from "semver"
import { readConfig } from "../config/read-config.ts"
import type { Change } from "../model/change.ts"
import { type Config, DEFAULT_CONFIG } from "../model/config.ts"
import { type Base, group } from "../model/ledger.ts"
import { versionOfTag } from "../model/tag.ts"
import { ProblemFound, WrongUsage } from "./command.ts"
import { readCommitsFile } from "./commits-file.ts"
import type { LocalComponent } from "./local-components.ts"
import { localPulls } from "./local-pulls.ts"
import { showProblems } from "./problems.ts"
import { type Clone, latestRelease, type Origin, openClone, originOf, readAt, resolveCommit } from "./read-clone.ts"
import { readGivenFile } from "./read-given-file.ts"
import { readLog } from "./read-log.ts"

const CONFIG_PATH = ".github/slipway.yml"

/** What `next` and `notes` look at. */
export interface Unreleased {
  /** SemVer; null before the first release. */
  readonly current: string | null
  readonly previous: Pick<Base, "tag" | "version"> | null
  /** Since `current`, oldest first. */
  readonly changes: readonly Change[]
  readonly config: Config
  /** `owner/name`, empty where it is not known. */
  readonly repository: string
  readonly webUrl: string
  /** The commit that the changes lead to; null where there is none. */
  readonly head: { readonly sha: string; readonly at: string } | null
  /** What a reader should know before they rely on it. */
  readonly warnings: readonly string[]
  /** Of each component, where the repository has some: then `current` and `changes` say nothing. */
  readonly components?: readonly LocalComponent[]
}

export const OPTIONS = {
  from: { type: "string" },
  to: { type: "string" },
  config: { type: "string" },
  commits: { type: "string" },
  current: { type: "string" },
  component: { type: "string" },
  json: { type: "boolean", default: false },
} as const satisfies ParseArgsOptionsConfig

export const OPTIONS_HELP = `  --from TAG|SHA      count changes from here; default: the highest version tag that is an ancestor of --to
  --to REF            up to here; default: HEAD
  --config FILE       a slipway.yml to use; default: .github/slipway.yml as it is at --to
  --component NAME    only this one of the repository's components; default: each of them
  --commits FILE      a JSON array of {sha, subject, body}, newest first, instead of git; - reads standard input
  --current VERSION   with --commits: the last release; without it there was none
`

interface Options {
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly config?: string | undefined
  readonly commits?: string | undefined
  readonly current?: string | undefined
  readonly component?: string | undefined
}

/** Reads what is not released yet from a clone, or from a file of commits. Needs neither network nor credentials. */
export async function readUnreleased(folders: readonly string[], options: Options, cwd: string): Promise<Unreleased> {
  if (folders.length > 1) throw new WrongUsage(`one folder at a time, not ${folders.join(", ")}`)
  if (options.commits === undefined) {
    if (options.current !== undefined) throw new WrongUsage("--current belongs to --commits; a clone's tags tell it")
    return fromClone(await openClone(resolve(cwd, folders[0] ?? ".")), options, cwd)
  }
  if (folders.length > 0 || [options.from, options.to, options.component].some((one) => one !== undefined))
    throw new WrongUsage("--commits stands for git: give it without a folder, --from, --to and --component")
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
  return { current, previous: tag, changes, config, repository: "", webUrl: "", head, warnings: [] }
}

function versionGiven(text: string, template: string): string {
  const version = versionOfTag(text, "{version}") ?? versionOfTag(text, template)
  if (version === null) throw new WrongUsage(`--current ${text} is no version; it has to be SemVer such as 1.4.1`)
  return version
}

async function fromClone(clone: Clone, options: Options, cwd: string): Promise<Unreleased> {
  const [to, origin] = await Promise.all([resolveCommit(clone, options.to ?? "HEAD"), originOf(clone)])
  const config = options.config !== undefined ? await configFile(options.config, cwd) : await configAt(clone, to)
  if (to === null) {
    const warnings = ["there are no commits yet"]
    return { current: null, previous: null, changes: [], config, ...origin, head: null, warnings }
  }
  if (config.workspaces || Object.keys(config.components).length > 0 || options.component !== undefined)
    return ofComponents(clone, config, options, to, origin)
  const { base, since } = await startOf(clone, options.from, to, config.version.tag)
  const commits = await readLog(clone.directory, since, to)
  const at = commits.at(-1)?.at ?? ""
  const changes = group(commits, localPulls(commits))
  return {
    current: base?.version ?? null,
    previous: base,
    changes,
    config,
    ...origin,
    head: { sha: to, at },
    warnings: warningsOf(clone, base),
  }
}

/** Read only where it is asked for: to know which paths commits touched, git compares their trees. */
async function ofComponents(
  clone: Clone,
  config: Config,
  { from, component }: Options,
  to: string,
  origin: Origin,
): Promise<Unreleased> {
  if (from !== undefined) throw new WrongUsage("--from: each component begins at its own last release")
  const { localComponents } = await import("./local-components.ts")
  const { components, at } = await localComponents(clone, config, to, component)
  const missing = components.find(({ previous }) => previous === null)
  const warnings = warningsOf(clone, missing ? null : (components[0]?.previous ?? null))
  return { current: null, previous: null, changes: [], config, ...origin, head: { sha: to, at }, warnings, components }
}

interface Start {
  readonly base: Base | null
  /** Changes count from behind this commit; null: from the beginning. */
  readonly since: string | null
}

/** `--from` with a version tag is that release; with anything else the release is the last one before it. */
async function startOf(clone: Clone, from: string | undefined, to: string, template: string): Promise<Start> {
  if (from === undefined) {
    const base = await latestRelease(clone, to, template)
    return { base, since: base?.sha ?? null }
  }
  const since = await resolveCommit(clone, from)
  if (since === null) throw new WrongUsage("there are no commits yet")
  const version = versionOfTag(from, template) ?? valid(from)
  const base = version === null ? await latestRelease(clone, since, template) : { tag: from, version, sha: since }
  return { base, since }
}

function warningsOf(clone: Clone, base: Base | null): readonly string[] {
  if (!clone.shallow) return []
  if (base !== null)
    return ["this clone is shallow: changes that came in by merges may be missing; `git fetch --unshallow` brings them"]
  throw new ProblemFound(
    "this clone is shallow and holds no release, so what came since the last one is not here; run `git fetch --unshallow --tags`",
  )
}

/** The configuration as it is at a commit; the defaults where it has none, or where there is no commit yet. */
export async function configAt(clone: Clone, commit: string | null): Promise<Config> {
  if (commit === null) return DEFAULT_CONFIG
  const text = await readAt(clone, commit, CONFIG_PATH)
  return text === null ? DEFAULT_CONFIG : configOf(text, CONFIG_PATH)
}

/** A configuration that was named on the command line. */
export async function configFile(path: string, cwd: string): Promise<Config> {
  return configOf(await readGivenFile(cwd, path, `--config ${path}`), path)
}

function configOf(text: string, path: string): Config {
  const read = readConfig(text, path)
  if (read.ok) return read.config
  throw new ProblemFound(`${path} is not valid\n${showProblems(read.problems)}`)
}
