import { artifactNamed, type Named, shortDigest } from "../../model/artifact.ts"
import { placeOf } from "../../model/deployment.ts"
import { environmentNamed } from "../../model/environment-named.ts"
import { own } from "../../model/own.ts"
import { environmentCheckUrl } from "../links.ts"
import { list } from "../wording.ts"
import type { Entry, Judged } from "./entry.ts"

/** Why what it deploys can never be told: it names something that can be another thing tomorrow. */
export function mutableArtifact(entry: Entry): string | undefined {
  const named = namedFor(entry)
  // guard: mutable-artifact
  if (named?.is !== "mutable") return undefined
  return `its payload names “${named.ref}”, which can be moved: name the artifact by its digest (sha256:…)`
}

function namedFor({ rules, request, state, release }: Entry): Named | undefined {
  const reports = own(state.evidence, release.phase.candidate.sha)?.items ?? []
  return rules.artifact && artifactNamed(rules.artifact, request.artifact, reports)
}

/** The digests of what is deployed; undefined: nobody names them. */
export function digestsOf(entry: Entry): readonly string[] | undefined {
  const named = namedFor(entry)
  return named?.is === "digests" ? named.digests : undefined
}

/** What is deployed is named by its digest, and is the very same that is live in the environment before. */
export function artifactGate(entry: Entry): Judged | null {
  const { rules, run, release, state } = entry
  const is = namedFor(entry)
  if (!is) return null
  if (is.is === "mutable") return judged("failed", mutableArtifact(entry) ?? "")
  const { sha } = release.phase.candidate
  if (rules.artifact?.from !== undefined && own(state.evidence, sha)?.readAt === undefined)
    return { ...judged("unknown", `what “${rules.artifact.from}” says was not read yet`), unread: true }
  if (is.is === "unsaid") return judged("unknown", is.because)
  const { digests } = is
  const named = list(digests.map(shortDigest))
  if (rules.after === undefined) return judged("passed", `deploys ${named}`)
  const before = environmentNamed(entry.state, rules.after, release.component)
  if (before?.live?.sha !== sha) return judged("pending", `${named}, once it is live in ${rules.after}`)
  const evidence = [{ text: rules.after, url: environmentCheckUrl(run, placeOf(before), before.live.sha) }]
  const live = before.live.artifact
  if (live === undefined)
    return judged("unknown", `the deployment that is live in ${rules.after} named no artifact`, evidence)
  // guard: artifact-of-before
  if (live.join() !== digests.join())
    return judged("failed", `deploys ${named}, and ${list(live.map(shortDigest))} is live in ${rules.after}`, evidence)
  return judged("passed", `${named}, as it is live in ${rules.after}`, evidence)
}

const judged = (
  state: "passed" | "failed" | "pending" | "unknown",
  because: string,
  evidence?: readonly { readonly text: string; readonly url: string }[],
): Judged => ({ gate: { name: "artifact", state, because, ...(evidence ? { evidence } : {}) } })
