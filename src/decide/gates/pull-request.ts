import type { Gate } from "../../model/gate.ts"
import { releaseFiles } from "../../model/release-files.ts"
import { pinnedBefore, pullOf, usesPull } from "../pull-of.ts"
import { pullTarget } from "../run.ts"
import { list, short } from "../wording.ts"
import type { Subject } from "./subject.ts"

/**
 * Where releases come out by a pull request: it is there, brings what is to be released, and nobody closed it or put
 * something else there. That it is merged is no gate: a page on its head that waited for it could never let it through.
 */
export function pullRequestGate(subject: Subject): Gate | null {
  const { line, release, state, config } = subject
  const { pull, phase } = release
  if (pull?.is === "merged") return mergedGate(subject)
  const current = pullOf(line, release)
  if (!current) {
    if (phase.is === "cut" || !usesPull(line)) return null
    const refused = state.refused[pullTarget(release)]
    if (refused !== undefined) return gate("failed", `it could not be written: ${refused}`)
    const before = pinnedBefore(state, release)
    if (before) return gate("pending", `it follows when #${before.pull?.number} for ${before.tag} is merged or re-cut`)
    return gate("pending", "it is being written")
  }
  const evidence = [{ text: `#${current.number}`, url: current.url }]
  if (current.is === "closed")
    return gate("failed", `#${current.number} was closed without a merge: reopen it, or press Re-cut`, evidence)
  if (current.strayed !== undefined)
    return gate(
      "failed",
      `#${current.number} ends in ${short(current.strayed)}, which Slipway did not make: press Re-cut, or merge it and have the merge commit approved`,
      evidence,
    )
  const { manifests, changelog } = releaseFiles(config, release.component, line.workspace)
  const files = [...new Set([...manifests.map(({ path }) => path), ...(changelog ? [changelog] : [])])]
  return gate("passed", `#${current.number} brings ${current.version} in ${list(files)}`, evidence)
}

/** After the merge: what it brought is still what the changes ask for. */
function mergedGate({ release }: Subject): Gate {
  const { pull, phase } = release
  if (!pull) return gate("unknown", "it is not known")
  const evidence = [{ text: `#${pull.number}`, url: pull.url }]
  if (pull.asked !== undefined)
    return gate(
      "failed",
      `#${pull.number} brought ${pull.version}, but the changes that were merged before it ask for ${pull.asked}: press Re-cut for another one`,
      evidence,
    )
  const sha = phase.is === "cut" ? phase.candidate.sha : ""
  return gate("passed", `#${pull.number} was merged as ${short(sha)}`, evidence)
}

const gate = (state: Gate["state"], because: string, evidence?: Gate["evidence"]): Gate => ({
  name: "pull request",
  state,
  because,
  ...(evidence ? { evidence } : {}),
})
