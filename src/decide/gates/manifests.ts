import type { Gate, GateState } from "../../model/gate.ts"
import { own } from "../../model/own.ts"
import { manifestKey, releaseFiles } from "../../model/release-files.ts"
import { versionOf } from "../candidate.ts"
import { pullOf } from "../pull-of.ts"
import { short } from "../wording.ts"
import { type Subject, unknownBecause } from "./subject.ts"

/**
 * The tree that is tagged says the version that it is tagged with, in every file that `publish.manifests` names. Read at
 * the candidate; the head of a release pull request is not looked at, since Slipway wrote it and its tree is bound to the
 * approvals, but the commit that it was merged as is.
 */
export function manifestsGate(subject: Subject): Gate | null {
  const { line, release, config, sha, state } = subject
  const { manifests } = releaseFiles(config, release.component, line.workspace)
  if (manifests.length === 0 || pullOf(line, release)) return null
  // Not written yet, or waiting for the one before it: the gate `pull request` says so.
  if (release.phase.is === "drafted" && config.publish.mode === "pull-request") return null
  const version = versionOf(release)
  const judged = manifests.map((manifest) => {
    const key = manifestKey(manifest)
    const said = own(state.versions, `${sha}:${key}`)
    const unread = unknownBecause(state, `manifest:${sha}:${key}`)
    if (unread !== undefined)
      return { state: "unknown" as const, text: `${manifest.path} could not be read: ${unread}` }
    if (said === undefined)
      return { state: notReadYet(release.phase.is), text: `${manifest.path} is read when the release is cut` }
    if ("none" in said) return { state: "failed" as const, text: said.none }
    if (said.version === version) return { state: "passed" as const, text: manifest.path }
    return { state: "failed" as const, text: `${manifest.path} says ${said.version} at ${short(sha)}, not ${version}` }
  })
  const worst = (["failed", "unknown", "pending"] as const).find((is) => judged.some((one) => one.state === is))
  const says = judged.filter((one) => one.state === (worst ?? "passed")).map(({ text }) => text)
  const paths = [...new Set(says)].join("; ")
  if (worst === undefined) return { name: "manifests", state: "passed", because: `${paths}: ${version}` }
  return {
    name: "manifests",
    state: worst,
    because: worst === "failed" ? `${paths}: ${wayOut(subject, version)}` : paths,
  }
}

const notReadYet = (phase: string): GateState => (phase === "drafted" ? "pending" : "unknown")

const wayOut = ({ config }: Subject, version: string): string =>
  config.publish.mode === "pull-request"
    ? "press Re-cut for another pull request"
    : `choose \`publish.mode: pull-request\`, which sets it, or merge a commit that sets ${version} before the cut, and press Re-cut`
