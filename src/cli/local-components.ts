import { emptyState } from "../decide/learn.ts"
import { nextOnLine } from "../decide/next-on-line.ts"
import { changesOfRelease } from "../decide/releases.ts"
import type { Change } from "../model/change.ts"
import { type Component, componentsOf, isWhole } from "../model/component.ts"
import type { Config } from "../model/config.ts"
import type { Base, Ledger, Start } from "../model/ledger.ts"
import type { Release } from "../model/release.ts"
import type { Line } from "../model/state.ts"
import type { NextVersion } from "../model/version.ts"
import { type Workspace, workspaceOf } from "../model/workspace.ts"
import { workspaceProblem } from "../model/workspace-problem.ts"
import { placed } from "../observe/landing.ts"
import { isMember, manifestIn, NO_PACKAGES, patternsIn } from "../observe/workspace.ts"
import { ProblemFound, WrongUsage } from "./command.ts"
import { git, tryGit } from "./git.ts"
import { localPulls } from "./local-pulls.ts"
import { type Clone, latestRelease, readAt } from "./read-clone.ts"
import { readCommits, withLanding } from "./read-log.ts"

/** What is not released yet of one component of a clone. */
export interface LocalComponent {
  readonly component: Component
  readonly previous: Base | null
  readonly next: NextVersion
  readonly changes: readonly Change[]
}

/**
 * The components of a clone with what is not released of each, and the date of the last commit.
 *
 * @param to a full SHA
 * @param only the name of the one component that is asked for
 * @throws ProblemFound where the workspace cannot be read; WrongUsage where there is no component of that name, or none
 */
export async function localComponents(
  clone: Clone,
  config: Config,
  to: string,
  only?: string,
): Promise<{ readonly components: readonly LocalComponent[]; readonly at: string }> {
  const workspace = config.workspaces ? await localWorkspace(clone, to) : undefined
  const problem = workspaceProblem(config, workspace)
  if (problem !== null) throw new ProblemFound(problem)
  const components = componentsOf(config, workspace)
  const names = components.map(({ name }) => name)
  if (only !== undefined && !names.includes(only))
    throw new WrongUsage(
      isWhole(components)
        ? "--component: .github/slipway.yml names no components"
        : `there is no component \`${only}\`; known are ${names.join(", ")}`,
    )
  const line = await localLine(clone, config, workspace, components, to)
  const wanted = components.filter(({ name }) => only === undefined || name === only)
  return { components: wanted.map((one) => unreleasedOf(line, one)), at: line.ledger?.commits.at(-1)?.at ?? "" }
}

function unreleasedOf(line: Line, component: Component): LocalComponent {
  const previous = line.ledger?.starts?.[component.name]?.base ?? null
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
  const changes = changesOfRelease(line, release)
  return { component, previous, changes, next: nextOnLine(emptyState, line, release, changes) }
}

/** The clone as the branch that the App would see. git names no files of a merge: what it brought stands before it. */
async function localLine(
  clone: Clone,
  config: Config,
  workspace: Workspace | undefined,
  components: readonly Component[],
  to: string,
): Promise<Line> {
  const starts: { [name: string]: Start } = {}
  for (const { name, tag } of components) starts[name] = { base: await latestRelease(clone, to, tag) }
  const since = await oldest(clone, Object.values(starts))
  const logged = await readCommits(clone.directory, since === null ? [to] : [to, `^${since}`], { files: true })
  const commits = placed(logged, to, withLanding)
  const branch = "HEAD"
  const ledger: Ledger = { branch, base: null, starts, head: to, commits, pulls: localPulls(commits), heads: [] }
  return {
    branch,
    ledger,
    config: { is: "valid", path: ".github/slipway.yml", blob: "", value: config },
    plan: { is: "absent" },
    inForce: {},
    ...(workspace ? { workspace } : {}),
  }
}

/** A commit behind all of the last releases; null: history begins with the first one. */
async function oldest(clone: Clone, starts: readonly Start[]): Promise<string | null> {
  const shas = [...new Set(starts.flatMap(({ base }) => base?.sha ?? []))]
  if (shas.length === 0 || starts.some(({ base }) => base === null)) return null
  const { code, stdout } = await tryGit(clone.directory, ["merge-base", "--octopus", ...shas])
  return code === 0 ? stdout.trim() : null
}

async function localWorkspace(clone: Clone, to: string): Promise<Workspace> {
  const [root, pnpm] = await Promise.all([readAt(clone, to, "package.json"), readAt(clone, to, "pnpm-workspace.yaml")])
  const patterns = patternsIn(root, pnpm)
  if (patterns.length === 0) throw new ProblemFound(NO_PACKAGES)
  const listed = await git(clone.directory, ["ls-tree", "-r", "-z", "--full-tree", "--name-only", to])
  const paths = listed.split("\0").filter((path) => isMember(path, patterns))
  const manifests = await Promise.all(
    paths.map(async (path) => {
      const manifest = manifestIn(path, "", (await readAt(clone, to, path)) ?? "")
      if (!manifest) throw new ProblemFound(`${path} is no JSON object: which packages there are is not known`)
      return manifest
    }),
  )
  return workspaceOf(manifests)
}
