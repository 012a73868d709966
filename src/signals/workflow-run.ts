import { z } from "zod"
import type { Signal } from "../model/signal.ts"
import { Id, Instant, Link, Sha, Text } from "./payload.ts"

const Event = z.object({ action: z.string(), workflow_run: z.object({ event: z.string() }) })

const Run = z.object({
  workflow: z.object({ path: Text }).nullish(),
  workflow_run: z.object({
    id: Id,
    path: Text.nullish(),
    event: z.enum(["workflow_dispatch", "repository_dispatch"]),
    display_title: Text.nullish(),
    head_branch: Text.nullable(),
    head_sha: Sha,
    status: z.string(),
    conclusion: z.string().nullable(),
    run_attempt: z.int().default(1),
    html_url: Link,
    created_at: Instant,
    updated_at: Instant,
  }),
})

/**
 * A run that a dispatch started went a step further: it may be one that a published release asked for. Most runs are
 * started by pushes and pull requests; what they find out is told by their check runs, and they wake nobody.
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads#workflow_run
 */
export function workflowRun(payload: unknown): readonly Signal[] {
  const { action, workflow_run } = Event.parse(payload)
  if (!["requested", "in_progress", "completed"].includes(action)) return []
  if (!["workflow_dispatch", "repository_dispatch"].includes(workflow_run.event)) return []
  const { workflow_run: run, workflow } = Run.parse(payload)
  return [
    {
      kind: "ran",
      run: run.id,
      // `.github/workflows/release.yml@refs/tags/v1.5.0`, in some answers
      path: (run.path ?? workflow?.path ?? "").split("@", 1)[0] ?? "",
      event: run.event,
      title: run.display_title ?? "",
      ref: run.head_branch ?? "",
      sha: run.head_sha,
      state: run.status === "completed" ? (run.conclusion === "success" ? "succeeded" : "failed") : "running",
      word: run.conclusion ?? run.status,
      attempt: run.run_attempt,
      ...(run.html_url ? { url: run.html_url } : {}),
      began: run.created_at,
      at: run.updated_at,
    },
  ]
}
