import { type Evidence, stateOfCheckRun, stateOfStatus, withReport } from "../model/evidence.ts"
import type { Read, Reader } from "./reader.ts"
import { read, unknown, whyUnknown } from "./reader.ts"

type Run = Awaited<ReturnType<Reader["rest"]["checks"]["listForRef"]>>["data"]["check_runs"][number]
type Status = Awaited<ReturnType<Reader["rest"]["repos"]["getCombinedStatusForRef"]>>["data"]["statuses"][number]

/** Whether a check run is Slipway's: our own page is no evidence for itself. */
export type IsOwn = (run: { readonly appId: string; readonly name: string }) => boolean

/**
 * Every check run and commit status of others on a SHA; the newest of a name and App counts.
 * https://docs.github.com/en/rest/checks/runs#list-check-runs-for-a-git-reference,
 * https://docs.github.com/en/rest/commits/statuses#get-the-combined-status-for-a-specific-reference
 */
export async function readEvidence(reader: Reader, sha: string, isOwn: IsOwn): Promise<Read<readonly Evidence[]>> {
  const [runs, statuses] = await Promise.all([
    reader.all(
      (at) => reader.rest.checks.listForRef({ ...at, ref: sha, filter: "latest" }),
      (data) => ({ items: data.check_runs, total: data.total_count }),
    ),
    reader.all(
      (at) => reader.rest.repos.getCombinedStatusForRef({ ...at, ref: sha }),
      (data) => ({ items: data.statuses, total: data.total_count }),
    ),
  ])
  if (runs.is !== "answer") return missing("check runs", runs)
  if (statuses.is !== "answer") return missing("commit statuses", statuses)
  const reports = [
    ...runs.data.filter((run) => !isOwn({ appId: String(run.app?.id), name: run.name })).map(fromRun),
    ...statuses.data.map(fromStatus),
  ]
  return read(reports.reduce<readonly Evidence[]>(withReport, []))
}

const missing = (what: string, answer: Exclude<Awaited<ReturnType<Reader["all"]>>, { is: "answer" }>) =>
  unknown(
    `the ${what} could not be read: ${answer.is === "refused" ? whyUnknown(answer.error) : `${answer.atLeast} or more`}`,
  )

function fromRun(run: Run): Evidence {
  const url = run.html_url ?? run.details_url
  return {
    kind: "check",
    name: run.name,
    ...(run.app?.slug ? { app: run.app.slug } : {}),
    id: String(run.id),
    state: stateOfCheckRun(run.status, run.conclusion),
    word: run.conclusion ?? run.status,
    ...(url ? { url } : {}),
    at: instant(run.completed_at ?? run.started_at),
  }
}

function fromStatus(status: Status): Evidence {
  return {
    kind: "status",
    name: status.context,
    id: String(status.id),
    state: stateOfStatus(status.state),
    word: status.state,
    ...(status.target_url ? { url: status.target_url } : {}),
    at: instant(status.updated_at),
  }
}

/** A run that has not begun has no time of its own: it is older than any that has. */
const instant = (at: string | null | undefined): string => new Date(at ?? 0).toISOString()
