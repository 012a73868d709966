import { holidayFilesIn } from "../model/holiday-files.ts"
import { extend } from "../model/ledger.ts"
import { own } from "../model/own.ts"
import { PLAN_FOLDER } from "../model/plan-folder.ts"
import type { Repository } from "../model/repository.ts"
import type { Moved, Signal } from "../model/signal.ts"
import type { Line, State } from "../model/state.ts"
import { CONFIG_PATH, GITHUB_NOTES_PATH, OTHER_PLAN_PATH } from "../model/written-paths.ts"
import { WORKFLOWS_PATH } from "./ci.ts"
import { glancedBranches } from "./glance.ts"
import { configFor, filesNamed, releaseBranches, ruling } from "./line-config.ts"
import { isManifest } from "./workspace.ts"

/** What has to be read of one release branch. */
export interface LineNeeds {
  /** `if moved`: the head is compared with GitHub's, and only a difference is read back. */
  readonly history: "known" | "if moved" | "read back"
  readonly config: boolean
  /** GitHub's own arrangement of notes, where there is no configuration. */
  readonly githubNotes: boolean
  readonly plan: boolean
  /** The plans of `release-plans/`. */
  readonly plans: boolean
  /** Which packages the workspace has, where the configuration asks for them. */
  readonly workspace: boolean
  readonly workflows: boolean
  readonly rules: boolean
  /** The files that plans name, at the head: the rollback procedure, what ticks an item. */
  readonly procedure: boolean
  /** Checks at the head. */
  readonly evidence: boolean
}

const KNOWN: LineNeeds = {
  history: "known",
  config: false,
  githubNotes: false,
  plan: false,
  plans: false,
  workspace: false,
  workflows: false,
  rules: false,
  procedure: false,
  evidence: false,
}

const ALL: Omit<LineNeeds, "history"> = {
  config: true,
  githubNotes: true,
  plan: true,
  plans: true,
  workspace: true,
  workflows: true,
  rules: true,
  procedure: true,
  evidence: true,
}

/** Everything of a line that nothing is known of. */
export const readBack: LineNeeds = { history: "read back", ...ALL }

/**
 * The lines of which something has to be read: those that pushes, merges or a look touched, and those not known yet.
 *
 * @param fresh branches of releases that are read whole: a click or an entry is judged by what the branch says now
 */
export function lineNeeds(
  repo: Repository,
  state: State | undefined,
  signals: readonly Signal[],
  fresh: ReadonlySet<string>,
): { readonly [branch: string]: LineNeeds } {
  const released = releaseBranches(repo, ruling(repo, state), present(state, signals))
  const glanced = glancedBranches(state, signals)
  const branches = new Set([repo.defaultBranch, ...released, ...fresh])
  const needed = [...branches].flatMap((branch) => {
    const line = own(state?.lines, branch)
    const need = !line
      ? readBack
      : lineNeed(line, signals, {
          clicked: fresh.has(branch),
          released: released.includes(branch),
          glanced: glanced.has(branch),
        })
    return Object.values(need).some((value) => value !== false && value !== "known") ? [[branch, need] as const] : []
  })
  return Object.fromEntries(needed)
}

/** Branches that are known, and those that just came. */
function present(state: State | undefined, signals: readonly Signal[]): ReadonlySet<string> {
  const lines = Object.values(state?.lines ?? {})
  const branches = new Set(lines.flatMap(({ branch, retired }) => (retired === undefined ? [branch] : [])))
  for (const signal of signals)
    if (signal.kind === "moved") signal.deleted ? branches.delete(signal.branch) : branches.add(signal.branch)
  return branches
}

function lineNeed(
  line: Line,
  signals: readonly Signal[],
  { clicked, released, glanced }: { clicked: boolean; released: boolean; glanced: boolean },
): LineNeeds {
  const moves = signals.filter((s): s is Moved => s.kind === "moved" && s.branch === line.branch)
  const merged = signals.some((s) => s.kind === "merged" && s.base === line.branch)
  const look = signals.some((s) => s.kind === "look")
  // The default branch only names the release branches, where it is none of them.
  const above = signals.some((s) => s.kind === "organisation")
  if (!released && !clicked) return { ...KNOWN, config: look || above || touches(line, moves).config }
  if (line.outdated !== undefined || line.retired !== undefined || bringsRelease(line, moves)) return readBack
  // No signal at all: a timer is due, and what could not be read is what it was set for.
  const happened = moves.length > 0 || merged || look || clicked || glanced || signals.length === 0
  if (happened && (!line.ledger || line.broken !== undefined)) return readBack
  if (line.ledger && isGap(line.ledger, moves)) return readBack
  if (look) return { history: "if moved", ...ALL }
  const known: LineNeeds = { ...touches(line, moves), ...(glanced ? { history: "if moved" } : {}) }
  const touched = above ? { ...known, config: true } : known
  if (!clicked) return touched
  // guard: publish-reads
  return { ...touched, history: "if moved", config: true, plan: true, plans: true, rules: true }
}

/** A release of another branch was merged: it may be what this one starts from now, and history divides differently. */
function bringsRelease({ ledger }: Line, moves: readonly Moved[]): boolean {
  const elsewhere = new Set(ledger?.tags?.outside.map(({ sha }) => sha))
  return elsewhere.size > 0 && moves.some(({ advance }) => advance.commits.some(({ sha }) => elsewhere.has(sha)))
}

/** A branch that was deleted is looked at too, to be told by GitHub: it may be back. */
function isGap(ledger: NonNullable<Line["ledger"]>, moves: readonly Moved[]): boolean {
  const advances = moves.filter((move) => !move.deleted).map((move) => move.advance)
  return moves.some((move) => move.deleted) || extend(ledger, advances).is === "gap"
}

/** Files that pushes touched, among those that decide. Where a push does not list its files, any may be. */
function touches(line: Line, moves: readonly Moved[]): LineNeeds {
  const paths = moves.flatMap((move) => move.files ?? [])
  const any = moves.some((move) => move.files === null)
  const named = filesNamed(line)
  const plans = [configFor(line).plan.path, OTHER_PLAN_PATH, ...(line.plan.is === "absent" ? [] : [line.plan.path])]
  const configs = configFiles(line)
  const touched = (is: (path: string) => boolean) => any || paths.some(is)
  return {
    ...KNOWN,
    config: touched((path) => configs.includes(path)),
    githubNotes: touched((path) => path === CONFIG_PATH || path === GITHUB_NOTES_PATH),
    plan: touched((path) => plans.includes(path)),
    plans: touched((path) => path.startsWith(`${PLAN_FOLDER}/`)),
    workspace: configFor(line).workspaces && touched(isManifest),
    workflows: touched((path) => path.startsWith(`${WORKFLOWS_PATH}/`)),
    procedure: touched((path) => named.includes(path)),
  }
}

/** The configuration, the files that it takes holidays from, and those in which something was wrong. */
const configFiles = (line: Line): readonly string[] => [
  CONFIG_PATH,
  ...holidayFilesIn(configFor(line)).map(({ file }) => file),
  ...(line.config.is === "invalid" ? line.config.problems.map(({ file }) => file) : []),
]
