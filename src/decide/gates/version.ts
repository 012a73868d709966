import { lt } from "semver"
import type { Gate } from "../../model/gate.ts"
import { versionOf } from "../candidate.ts"
import type { Subject } from "./subject.ts"

/** A plan's version that is higher than the computed one is a stated override; a lower one fails. */
export function versionGate({ plan, release }: Subject): Gate | null {
  const stated = plan?.release.version
  if (stated === undefined) return null
  const version = versionOf(release)
  const gate = (state: Gate["state"], because: string): Gate => ({ name: "version", state, because })
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
