import { z } from "zod"
import { stateOfClosedIssue } from "../model/issue.ts"
import { issueSubject } from "../model/joint.ts"
import { fullName, type Repository } from "../model/repository.ts"
import type { Signal } from "../model/signal.ts"
import { Account } from "./payload.ts"

const Issue = z.object({
  action: z.string(),
  issue: z.object({
    number: z.int(),
    state: z.string().nullish(),
    state_reason: z.string().nullish(),
    labels: z.array(z.object({ name: z.string() })).nullish(),
  }),
  sender: Account,
})

/**
 * An issue that was closed or reopened, or got or lost a label: a plan's feature or checklist may be bound to it. Who
 * closed it is told by the event of its end alone; what is known of that stays when a label comes later.
 */
export function issues(payload: unknown): readonly Signal[] {
  const { action, issue, sender } = Issue.parse(payload)
  const labels = issue.labels?.map(({ name }) => name) ?? []
  const said = { kind: "issue" as const, number: issue.number }
  switch (action) {
    case "reopened":
      return [{ ...said, state: "open", signs: { labels } }]
    case "closed":
      return [{ ...said, state: stateOfClosedIssue(issue.state_reason), signs: { labels, closedBy: sender.login } }]
    case "labeled":
    case "unlabeled":
      return [
        { ...said, state: issue.state === "open" ? "open" : stateOfClosedIssue(issue.state_reason), signs: { labels } },
      ]
    default:
      return []
  }
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
