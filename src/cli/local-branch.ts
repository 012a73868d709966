import type { Config } from "../model/config.ts"
import { kindOf, type LineKind, STABLE } from "../model/line-kind.ts"
import { CONFIG_PATH } from "../model/written-paths.ts"
import { ProblemFound, WrongUsage } from "./command.ts"
import { tryGit } from "./git.ts"
import { configAt } from "./local-config.ts"
import { plain } from "./paint.ts"
import type { Clone } from "./read-clone.ts"

/** The branch that a clone is asked about, as the App would see it. */
export interface LocalBranch {
  /** Empty where no release branch is meant: a detached head, a topic. */
  readonly name: string
  readonly kind: LineKind
  /** Whether it is asked about as it stands, and not as it was at an earlier commit. */
  readonly isTip: boolean
  /** What people should know of it. */
  readonly warnings: readonly string[]
}

interface Asked {
  readonly branch?: string | undefined
  readonly to?: string | undefined
}

/** What `--to` says where it is not given: the branch that is named, as it is here or, if it is not here, at `origin`. */
export async function tipOf(clone: Clone, { branch, to }: Asked): Promise<string> {
  if (to !== undefined || branch === undefined) return to ?? "HEAD"
  const [found] = await existing(clone, refsOf(branch))
  if (found) return found.ref
  throw new WrongUsage(`--branch ${branch}: there is no such branch in this clone; fetch it first`)
}

/** What a clone's refs tell of the branch that is meant. */
export interface BranchNames {
  /** By `--branch` or `--to`. */
  readonly named: string | null
  readonly checkedOut: string | null
  readonly main: Named | null
}

interface Named {
  readonly name: string
  readonly ref: string
}

export async function branchNames(clone: Clone, asked: Asked): Promise<BranchNames> {
  const [named, current, main] = await Promise.all([namedBy(clone, asked), checkedOut(clone), defaultBranch(clone)])
  return { named, checkedOut: current, main }
}

/** The configuration, and where it is from. */
interface Ruling {
  /** The one at the commit that is asked about. */
  readonly config: Config
  /** It was named on the command line, and stands for the default branch's too. */
  readonly isGiven: boolean
}

/**
 * Which branch is meant: the one that is named, by `--branch` or `--to`, else the one that is checked out; and what it
 * makes, by the configuration of the default branch. What is no release branch makes what a stable one would.
 *
 * @throws ProblemFound where `--branch` names one that releases nothing, or the default branch's configuration is not valid
 */
export async function localBranch(
  clone: Clone,
  asked: Asked,
  { named, checkedOut, main }: BranchNames,
  { config, isGiven }: Ruling,
): Promise<LocalBranch> {
  const name = named ?? checkedOut
  const topic = { name: "", kind: STABLE, isTip: false, warnings: [] }
  if (name === null) return topic
  const isOwn = isGiven || main === null || main.name === name
  const ruling = isOwn ? config : await configAt(clone, main.ref, `${main.name}:${CONFIG_PATH}`)
  const isTip = named !== null || asked.to === undefined || asked.to === "HEAD"
  const kind = kindOf(ruling, name, main?.name ?? name)
  if (kind) return { name, kind, isTip, warnings: [] }
  const names = [...(ruling.branches ?? []).map((one) => one.name), ...ruling.hotfix.branches]
  const known = names.length > 0 ? names.join(", ") : (main?.name ?? name)
  const because = `${plain(name)} is no release branch; those are ${plain(known)}`
  if (asked.branch !== undefined) throw new ProblemFound(because)
  const warnings = names.length > 0 ? [`${because}. This is what it would make as a stable one`] : []
  return { ...topic, isTip, warnings }
}

async function namedBy(clone: Clone, { branch, to }: Asked): Promise<string | null> {
  if (branch !== undefined) return branch
  if (to === undefined || to === "HEAD") return null
  const short = to.replace(/^(?:refs\/heads\/|(?:refs\/remotes\/)?origin\/)/, "")
  const [found] = await existing(clone, refsOf(short))
  return found ? short : null
}

async function checkedOut(clone: Clone): Promise<string | null> {
  const { code, stdout } = await tryGit(clone.directory, ["symbolic-ref", "--quiet", "--short", "HEAD"])
  return code === 0 ? stdout.trim() : null
}

/** As `origin` says it; where it says nothing, what is called as default branches are. Null: none is known. */
async function defaultBranch(clone: Clone): Promise<Named | null> {
  const said = "refs/remotes/origin/HEAD"
  const usual = ["main", "master"].flatMap((name) => refsOf(name).reverse())
  const [first] = await existing(clone, [said, ...usual])
  if (!first) return null
  return { ref: first.ref, name: (first.leadsTo || first.ref).replace(/^refs\/(?:remotes\/origin|heads)\//, "") }
}

/** A branch as it is here and, after it, at `origin`. */
const refsOf = (name: string): string[] => [`refs/heads/${name}`, `refs/remotes/origin/${name}`]

interface Ref {
  readonly ref: string
  /** Of a symbolic one. */
  readonly leadsTo: string
}

/** Those of some refs that there are, in the order of the question. */
async function existing({ directory }: Clone, refs: readonly string[]): Promise<readonly Ref[]> {
  // git takes these for patterns, and tells what stands below one as well.
  const possible = refs.filter((ref) => !/[*?[\\]/.test(ref))
  if (possible.length === 0) return []
  const { stdout } = await tryGit(directory, ["for-each-ref", "--format=%(refname)%00%(symref)", ...possible])
  const found = new Map(stdout.split("\n").map((line) => line.split("\0") as [string, string]))
  return possible.flatMap((ref) => (found.has(ref) ? { ref, leadsTo: found.get(ref) ?? "" } : []))
}
