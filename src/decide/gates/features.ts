import type { Config } from "../../model/config.ts"
import type { Feature } from "../../model/feature.ts"
import { foreignIn } from "../../model/foreign-feature.ts"
import type { Gate, GateState } from "../../model/gate.ts"
import { own } from "../../model/own.ts"
import type { State } from "../../model/state.ts"
import { issueUrl } from "../links.ts"
import { list } from "../wording.ts"
import { featureElsewhere } from "./feature-elsewhere.ts"
import { type Subject, unknownBecause } from "./subject.ts"

/** Every feature of the plan that is not dropped is ready: by its issue or PR where it is bound to one, else by word. */
export function featuresGate({ plan, state, repo, config }: Subject): Gate | null {
  const features = plan?.features.filter((f) => f.status !== "dropped") ?? []
  if (features.length === 0) return null
  const judged = features.map((feature) => ({ feature, ...judgeFeature(state, config, feature) }))
  const worst = (["failed", "unknown", "pending"] as const).find((s) => judged.some((j) => j.state === s))
  const open = judged.filter((j) => j.state === worst)
  return {
    name: "features",
    state: worst ?? "passed",
    because: worst
      ? open.map((j) => `${j.feature.id} ${j.because}`).join("; ")
      : `${list(
          features.map((f) => f.id),
          10,
        )} ready`,
    evidence: features.flatMap((f) => {
      const ref = issueRef(f)
      return ref ? [{ text: ref, url: issueUrl(repo, ref) }] : []
    }),
  }
}

/** No feature ships without what it needs: each dependency is in the release, and ready. */
export function dependenciesGate(subject: Subject): Gate | null {
  const { plan, state, config } = subject
  const features = plan?.features ?? []
  const dependent = features.filter((f) => f.status !== "dropped" && f.dependencies.length > 0)
  if (dependent.length === 0) return null
  const byId = new Map(features.map((f) => [f.id, f]))
  const open = dependent.flatMap((feature) =>
    feature.dependencies.flatMap((id) => {
      const needed = byId.get(id)
      const foreign = needed ? undefined : foreignIn(id)
      if (foreign) {
        const judged = foreign.is === "issue" ? judgeIssue(state, foreign.ref) : featureElsewhere(subject, foreign)
        return judged.state === "passed"
          ? []
          : [{ state: judged.state, text: `${feature.id} needs ${id}, which ${judged.because}` }]
      }
      if (!needed)
        return [{ state: "failed" as const, text: `${feature.id} needs ${id}, which the plan does not have` }]
      if (needed.status === "dropped")
        return [{ state: "failed" as const, text: `${feature.id} needs ${id}, which is dropped` }]
      const judged = judgeFeature(state, config, needed)
      return judged.state === "passed"
        ? []
        : [{ state: judged.state, text: `${feature.id} needs ${id}, which ${judged.because}` }]
    }),
  )
  const worst = (["failed", "unknown", "pending"] as const).find((s) => open.some((o) => o.state === s))
  return {
    name: "dependencies",
    state: worst ?? "passed",
    because: worst ? open.map((o) => o.text).join("; ") : "every feature has what it needs",
  }
}

const NOT_DONE = {
  open: "is open",
  "not planned": "was closed, but not as completed",
  "not merged": "was closed without a merge",
} as const

/** Whether a feature is ready, with the reason as the end of a sentence that begins with its id. */
export function judgeFeature(
  state: State,
  { plan: { words } }: Config,
  feature: Feature,
): { readonly state: GateState; readonly because: string } {
  const ref = issueRef(feature)
  if (!ref && feature.status !== "ready") return { state: "pending", because: `is ${feature.status}` }
  if (!ref)
    return words !== false
      ? { state: "passed", because: "is ready" }
      : {
          state: "failed",
          because: "is only stated as ready, and slipway.yml counts no words: bind it to an issue or pull request",
        }
  return judgeIssue(state, ref)
}

/** Whether what is bound to an issue or pull request is ready. */
export function judgeIssue(state: State, ref: string): { readonly state: GateState; readonly because: string } {
  const unread = unknownBecause(state, `issue:${ref}`)
  if (unread) return { state: "unknown", because: `is bound to ${ref}: ${unread}` }
  const issue = own(state.issues, ref)
  if (issue === "closed") return { state: "passed", because: `is ready: ${ref} is closed` }
  if (issue === undefined) return { state: "unknown", because: `is bound to ${ref}: not read yet` }
  return { state: "pending", because: `waits for ${ref}, which ${NOT_DONE[issue]}` }
}

/** `#812` or `owner/repo#812`. */
export const issueRef = (feature: Feature): string | undefined =>
  feature.issue === undefined ? undefined : typeof feature.issue === "number" ? `#${feature.issue}` : feature.issue
