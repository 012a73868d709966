import { z } from "zod"
import { stateOfClosedIssue } from "../model/issue.ts"
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
