import type { PlacedAudience } from "./communication.ts"
import { sharedPaths } from "./component.ts"
import { type Config, DEFAULT_CONFIG } from "./config.ts"
import { holidayFilesIn } from "./holiday-files.ts"
import { own } from "./own.ts"
import type { Plan } from "./plan.ts"
import { type FolderPlan, PLAN_FOLDER } from "./plan-folder.ts"
import type { Seen } from "./seen.ts"
import type { Proposed, Signal } from "./signal.ts"
import type { Line, State } from "./state.ts"

/** An open pull request whose files are known, as far as they concern configuration and plan. */
export interface KnownProposal {
  /** The head and the branch that it goes to: as long as they stay, its files do. */
  readonly sha: string
  readonly base: string
  /** Whether `Slipway / plan` stands on it. */
  readonly shown: boolean
  /** They could not be read, and are looked for again when it changes. */
  readonly unread?: true
}

/** What the pushes of a branch told since it was made, each following the one before. */
export interface PushedBranch {
  readonly head: string
  /** How many commits they listed. */
  readonly commits: number
  /** Whether one of them touches a file that decides about gates. */
  readonly touches: boolean
}

/** Configuration and plan in a pull request. They are shown and never decide anything. */
export type ProposedFiles =
  | { readonly is: "untouched"; readonly sha: string; readonly base: string }
  | {
      readonly is: "touched"
      readonly sha: string
      readonly base: string
      /** Null: it leaves that file as it is. */
      readonly config: Seen<Config> | null
      readonly plan: Seen<Plan> | null
      readonly plans: readonly FolderPlan[] | null
      /** Whom the plans that it changes tell. */
      readonly audiences?: readonly PlacedAudience[]
      /** It changes more files than were looked through, so that all are as at its head. */
      readonly tooMany?: true
    }

const NEVER = /^0+$/
/** The newest by name of their last push; a pull request of one that is forgotten is read. */
const KEPT = 200

/** Takes in the pushes of branches that nothing is released from: pull requests come from them. */
export function followBranches(state: State, signals: readonly Signal[]): State["branches"] {
  const branches = new Map(Object.entries(state.branches ?? {}))
  for (const signal of signals) {
    if (signal.kind !== "moved" || own(state.lines, signal.branch)) continue
    const { branch, advance, files } = signal
    const known = branches.get(branch)
    branches.delete(branch)
    if (signal.deleted || !advance.complete || files === null) continue
    const isNew = NEVER.test(advance.before)
    if (!isNew && known?.head !== advance.before) continue
    const touches = files.some((path) => isDeciding(state, path))
    branches.set(branch, {
      head: advance.after,
      // A forced push lists what the branch did not have before: what it kept is not among them.
      commits: advance.commits.length + (isNew || advance.forced ? 0 : (known?.commits ?? 0)),
      touches: touches || (!isNew && known?.touches === true),
    })
  }
  if (branches.size === 0 && state.branches === undefined) return undefined
  return Object.fromEntries([...branches].slice(-KEPT))
}

/** Files that decide about the gates of some line. */
const isDeciding = (state: State, path: string): boolean =>
  Object.values(state.lines).some((line) => isDecidingOn(line, path))

/** Whether the configuration, what it takes in, or a plan of a line stands at a path, or is looked for there. */
export function isDecidingOn(
  { config, plan, inForce }: Pick<Line, "config" | "plan" | "inForce">,
  path: string,
): boolean {
  const rules = config.is === "valid" ? config.value : (inForce.config?.value ?? DEFAULT_CONFIG)
  return (
    sharedPaths(rules).includes(path) ||
    holidayFilesIn(rules).some(({ file }) => file === path) ||
    path.startsWith(`${PLAN_FOLDER}/`) ||
    (plan.is !== "absent" && plan.path === path)
  )
}

/**
 * Whether a pull request's files have to be read to know if it touches configuration or plan. The pushes of its branch
 * tell it where they told of as many commits as it has; of a fork, of a branch made from what stood elsewhere, and after
 * a gap they do not, and then nothing is taken for granted.
 *
 * @param state with the pushes of this run taken in
 */
export function mayTouch(state: State, { head, base, pull }: Proposed): boolean {
  const line = own(state.lines, base)
  const known = own(state.proposals, String(pull.number))
  if (!line || line.retired !== undefined || (known?.sha === pull.headSha && known.base === base && !known.unread))
    return false
  const pushed = head === undefined ? undefined : own(state.branches, head)
  const isWhole = pushed?.head === pull.headSha && pull.commits !== undefined && pushed.commits >= pull.commits
  return !isWhole || pushed.touches
}
