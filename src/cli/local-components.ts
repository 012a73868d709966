import { componentsOf, isWhole } from "../model/component.ts"
import type { Config } from "../model/config.ts"
import { type Workspace, workspaceOf } from "../model/workspace.ts"
import { workspaceProblem } from "../model/workspace-problem.ts"
import { allOf, isMember, manifestIn, NO_PACKAGES, patternsIn } from "../observe/workspace.ts"
import { ProblemFound, WrongUsage } from "./command.ts"
import { git } from "./git.ts"
import { type LineRequest, type LocalRelease, localLine, releaseOn, tagsOf } from "./local-line.ts"
import { type Clone, readAt } from "./read-clone.ts"

type At = Pick<LineRequest, "to" | "branch" | "plan">

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
  { only, ...at }: At & { readonly only?: string | undefined },
): Promise<{ readonly components: readonly LocalRelease[]; readonly at: string }> {
  const workspace = config.workspaces ? await localWorkspace(clone, config, at.to) : undefined
  const components = componentsOf(config, workspace)
  const names = components.map(({ name }) => name)
  if (only !== undefined && !names.includes(only))
    throw new WrongUsage(
      isWhole(components)
        ? "--component: .github/slipway.yml names no components"
        : `there is no component \`${only}\`; known are ${names.join(", ")}`,
    )
  const tags = await tagsOf(clone, components)
  const line = await localLine(clone, { ...at, config, components, tags, workspace })
  const wanted = components.filter(({ name }) => only === undefined || name === only)
  return { components: wanted.map((one) => releaseOn(line, one)), at: line.ledger?.commits.at(-1)?.at ?? "" }
}

/**
 * The packages of a clone at a commit.
 * @throws ProblemFound where they cannot be read, or stand in each other's way
 */
export async function localWorkspace(clone: Clone, config: Config, to: string): Promise<Workspace> {
  const [root, pnpm] = await Promise.all([readAt(clone, to, "package.json"), readAt(clone, to, "pnpm-workspace.yaml")])
  const patterns = patternsIn(root, pnpm)
  if (allOf(patterns).length === 0) throw new ProblemFound(NO_PACKAGES)
  const listed = await git(clone.directory, ["ls-tree", "-r", "-z", "--full-tree", "--name-only", to])
  const paths = listed.split("\0").filter((path) => isMember(path, allOf(patterns)))
  const manifests = await Promise.all(
    paths.map(async (path) => {
      const manifest = manifestIn(path, "", (await readAt(clone, to, path)) ?? "")
      if (!manifest) throw new ProblemFound(`${path} is no JSON object: which packages there are is not known`)
      return manifest
    }),
  )
  const workspace = workspaceOf(manifests, patterns)
  const problem = workspaceProblem(config, workspace)
  if (problem !== null) throw new ProblemFound(problem)
  return workspace
}
