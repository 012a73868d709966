import { type ArtifactRule, artifactNamed } from "../model/artifact.ts"
import { DEFAULT_CONFIG } from "../model/config.ts"
import { rulingOf } from "../model/entry-rules.ts"
import { own } from "../model/own.ts"
import type { Release } from "../model/release.ts"
import type { Deployed } from "../model/signal.ts"
import { configOf } from "./plan-of.ts"
import { rulesFor } from "./promotion/entry.ts"
import type { Run } from "./run.ts"

/**
 * The digests of what went live: what the deployment names, or what the checks say by which environments know them, where
 * all that say something say the same. They are kept with what is live: a check may say something else tomorrow.
 */
export function deployedArtifact(
  run: Pick<Run, "state" | "repo">,
  { branch }: Release,
  { artifact, sha }: Deployed,
): readonly string[] | undefined {
  const reports = own(run.state.evidence, sha)?.items ?? []
  const named = [{}, ...artifactRules(run, branch)].flatMap((rule) => {
    const is = artifactNamed(rule, artifact, reports)
    return is.is === "digests" ? [is.digests] : []
  })
  const [first] = named
  return named.every((one) => one.join() === first?.join()) ? first : undefined
}

/** Of all environments, in force and as the file says it now; of a hotfix branch it is the default branch's file. */
function artifactRules(run: Pick<Run, "state" | "repo">, branch: string): readonly ArtifactRule[] {
  const line = own(run.state.lines, branch)
  const ruling = line && rulingOf(run.state, line, run.repo.defaultBranch)
  if (!ruling) return []
  const configs = [ruling.line.inForce.config?.value ?? DEFAULT_CONFIG, configOf(ruling.line)]
  const names = configs.flatMap(({ environments, hotfix }) => [
    ...Object.keys(environments),
    ...Object.keys(hotfix.environments),
  ])
  return [...new Set(names)].flatMap((name) => rulesFor(run, line, name).flatMap(({ artifact }) => artifact ?? []))
}
