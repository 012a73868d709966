import { lt } from "semver"
import type { Gate } from "../../model/gate.ts"
import { isStable } from "../../model/known-tags.ts"
import { isBeside } from "../../model/release.ts"
import { versionOf } from "../candidate.ts"
import { coreOf } from "../core.ts"
import { statedFor } from "../plan-of.ts"
import { short } from "../wording.ts"
import type { Subject } from "./subject.ts"

/**
 * A plan's version that is higher than the computed one is a stated override; a lower one fails. And versions come out
 * in their order: one that was cut earlier goes first. What a line does not make, or a person stated in vain, is said.
 */
export function versionGate({
  plan,
  release,
  line,
  state,
}: Pick<Subject, "plan" | "release" | "line" | "state">): Gate | null {
  const gate = (is: Gate["state"], because: string): Gate => ({ name: "version", state: is, because })
  const earlier = state.releases.find((r) => isBeside(r, release) && r.phase.is === "cut")
  if (earlier && release.phase.is === "cut" && Number(earlier.id) < Number(release.id))
    return gate("pending", `${earlier.tag} was cut before it: publish that first, or take this one in by its Re-cut`)
  const [refused] = release.next.refused ?? []
  if (refused) return gate("failed", `${refused.what} (${nameOf(refused.by)}): ${refused.because}`)
  if (plan?.release.version === undefined) return null
  const stated = statedFor(plan, release)
  if (stated === undefined)
    return gate(
      "failed",
      `the plan says ${plan.release.version}, but not of which component: name it in “release.component” of the plan`,
    )
  // On a channel a plan for 2.0.0 speaks of its prereleases.
  const version = line.kind?.is === "channel" && isStable(stated) ? coreOf(versionOf(release)) : versionOf(release)
  if (lt(stated, version))
    return gate(
      "failed",
      `the plan says ${stated}, but the changes require ${version}: correct “release.version” in the plan`,
    )
  if (version !== stated)
    return gate(
      "failed",
      `the plan says ${stated}, but the release was cut as ${version}: press Re-cut to take it over`,
    )
  return gate("passed", `${stated}, as the plan says`)
}

const nameOf = (by: string): string => (/^[0-9a-f]{40}/.test(by) ? short(by) : by)
