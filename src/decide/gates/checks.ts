import { type Evidence, meets, type RequiredCheck } from "../../model/evidence.ts"
import type { Gate } from "../../model/gate.ts"
import { own } from "../../model/own.ts"
import { encodePath, pageUrl } from "../links.ts"
import { list } from "../wording.ts"
import { type Subject, unknownBecause } from "./subject.ts"

/**
 * Every other check run and commit status on the SHA has completed well: `success`, `neutral` or `skipped`. Always on.
 * Where nothing has reported it waits, unless there is nothing that could: no workflow for the branch, no required check.
 */
export function checksGate(subject: Subject): Gate {
  const { state, line, release, sha, repo } = subject
  const unread = unknownBecause(state, `checks:${sha}`)
  if (unread) return gate("unknown", `the checks could not be read: ${unread}`)
  const known = state.evidence[sha]
  const items = known?.items ?? []
  const failed = items.filter((e) => e.state === "failed")
  if (failed.length > 0) return gate("failed", `${names(failed)} did not pass`, failed)
  const pending = items.filter((e) => e.state === "pending")
  if (pending.length > 0) return gate("pending", `${names(pending)} still running`, pending)
  const unruled = unknownBecause(state, `ci:${line.branch}`)
  if (!line.ci || unruled) return gate("unknown", unruled ?? "which checks report here is not known")
  const missing = line.ci.required.filter((check) => !items.some((e) => meets(e, check)))
  if (missing.length > 0)
    return gate("pending", `waiting for ${list(missing.map(required))}, which the branch's rules require`)
  const workflows = workflowsOf(subject)
  if (typeof workflows === "string") return gate("unknown", workflows)
  const actions = items.some((e) => e.app === "github-actions")
  if (workflows.length > 0 && !actions) return gate("pending", `no check has reported yet; ${list(workflows)} should`)
  if (release.phase.is === "cut" && known?.readAt === undefined)
    return gate("unknown", "the checks of this commit were not read yet")
  if (items.length === 0)
    return {
      ...gate("passed", `nothing to wait for: no workflow runs on ${line.branch}, and its rules require no check`),
      evidence: [
        { text: "files", url: pageUrl(repo, `tree/${sha}`) },
        { text: "rules", url: pageUrl(repo, `rules?ref=${encodePath(`refs/heads/${line.branch}`)}`) },
      ],
    }
  return gate("passed", items.length === 1 ? "1 check has passed" : `all ${items.length} checks have passed`, items)
}

/**
 * The workflows that the commit's own push started. A drafted release follows the head, and with it what the branch has;
 * a candidate has its own, whatever a later push takes away. A string says why they are not known.
 */
function workflowsOf({ state, line, release, sha }: Subject): readonly string[] | string {
  const ofCommit = own(state.evidence, sha)?.workflows
  if (ofCommit) return ofCommit
  if (release.phase.is !== "cut") return line.ci?.workflows ?? []
  return unknownBecause(state, `workflows:${sha}`) ?? "which workflows start at this commit was not read yet"
}

const required = ({ name, appId }: RequiredCheck): string =>
  appId === undefined ? name : `${name} of the App ${appId}`

const names = (items: readonly Evidence[]): string => list(items.map((e) => e.name))

/** The page shows a few of them; the reason names the count. */
const EVIDENCE_SHOWN = 5

const gate = (state: Gate["state"], because: string, items: readonly Evidence[] = []): Gate => ({
  name: "checks",
  state,
  because,
  evidence: items
    .slice(0, EVIDENCE_SHOWN)
    .map((e) => ({ text: `${e.name}: ${e.word}`, ...(e.url ? { url: e.url } : {}) })),
})
