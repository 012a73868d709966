import { z } from "zod"
import type { Signal } from "../model/signal.ts"

const Issue = z.object({ action: z.string(), issue: z.object({ number: z.int() }) })

/** An issue that was closed or reopened: a plan's feature may be bound to it. */
export function issues(payload: unknown): readonly Signal[] {
  const { action, issue } = Issue.parse(payload)
  if (action !== "closed" && action !== "reopened") return []
  return [{ kind: "issue", number: issue.number, closed: action === "closed" }]
}
