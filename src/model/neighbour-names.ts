import { foreignOf } from "./foreign-feature.ts"
import { neighbourKey } from "./joint.ts"
import { validPlans } from "./plan-folder.ts"
import type { Release } from "./release.ts"
import type { Line } from "./state.ts"

/**
 * The repositories that are read for a repository's own releases, in small letters: those whose plans may name them, and
 * those that plans of its own name, or need a feature of. What is in force counts too: a change that nobody approved takes no gate away.
 */
export function neighbourNames(
  lines: readonly Pick<Line, "config" | "plan" | "plans" | "inForce">[],
  releases: readonly Release[],
): readonly string[] {
  const names = [
    ...lines.flatMap(({ config, inForce }) => [
      ...(config.is === "valid" ? (config.value.plan.with ?? []) : []),
      ...(inForce.config?.value.plan.with ?? []),
    ]),
    ...lines.flatMap(({ plan, plans = [], inForce }) =>
      [
        ...validPlans([plan, ...plans, ...(inForce.plans ?? [])]).map(({ value }) => value),
        ...(inForce.plan ? [inForce.plan.value] : []),
      ].flatMap(({ repositories = [], features }) => [
        ...repositories.map(({ repo }) => repo),
        ...foreignOf(features).flatMap((one) => (one.is === "feature" ? [one.repo] : [])),
      ]),
    ),
    ...releases.flatMap(({ row }) => row?.places.map(({ repo }) => repo) ?? []),
  ]
  return [...new Set(names.map(neighbourKey))].sort()
}
