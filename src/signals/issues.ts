import { z } from "zod"
import { stateOfClosedIssue } from "../model/issue.ts"
import { issueSubject } from "../model/joint.ts"
import { fullName, type Repository } from "../model/repository.ts"
import type { Signal } from "../model/signal.ts"

const Issue = z.object({
  action: z.string(),
  issue: z.object({ number: z.int(), state_reason: z.string().nullish() }),
})

/** An issue that was closed or reopened: a plan's feature may be bound to it. */
export function issues(payload: unknown): readonly Signal[] {
  const { action, issue } = Issue.parse(payload)
  if (action === "reopened") return [{ kind: "issue", number: issue.number, state: "open" }]
  if (action !== "closed") return []
  return [{ kind: "issue", number: issue.number, state: stateOfClosedIssue(issue.state_reason) }]
}

/** What other repositories hear of issues and pull requests of this one, with what they have to listen to for it. */
export function issuesElsewhere(
  repo: Repository,
  signals: readonly Signal[],
): readonly { readonly subject: string; readonly signal: Signal }[] {
  const of = fullName(repo)
  return signals.flatMap((signal) =>
    signal.kind === "issue" ? [{ subject: issueSubject(`${of}#${signal.number}`), signal: { ...signal, of } }] : [],
  )
}
