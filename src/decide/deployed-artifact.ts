import { artifactNamed } from "../model/artifact.ts"
import { own } from "../model/own.ts"
import type { Release } from "../model/release.ts"
import type { Deployed } from "../model/signal.ts"
import { configOf } from "./plan-of.ts"
import type { Run } from "./run.ts"

/**
 * The digests of what went live: what the deployment names, or what the check says by which some environment of the
 * configuration knows them. They are kept with what is live: the check may say something else tomorrow.
 */
export function deployedArtifact(
  { state }: Pick<Run, "state">,
  { branch }: Release,
  { artifact, sha }: Deployed,
): readonly string[] | undefined {
  const line = own(state.lines, branch)
  const rules = Object.values(line ? configOf(line).environments : {}).flatMap((rule) => rule.artifact ?? [])
  const reports = own(state.evidence, sha)?.items ?? []
  const named = artifactNamed(rules.find(({ from }) => from !== undefined) ?? {}, artifact, reports)
  return named.is === "digests" ? named.digests : undefined
}
