import { digestsIn } from "../model/artifact.ts"
import { type Evidence, stateOfCheckRun, stateOfStatus, suiteName, withReport } from "../model/evidence.ts"
import { percentOf } from "../model/percentages.ts"
import type { Read, Reader } from "./reader.ts"
import { read, unknown, whyUnknown } from "./reader.ts"

type Run = Awaited<ReturnType<Reader["rest"]["checks"]["listForRef"]>>["data"]["check_runs"][number]
type Suite = Awaited<ReturnType<Reader["rest"]["checks"]["listSuitesForRef"]>>["data"]["check_suites"][number]
type Status = Awaited<ReturnType<Reader["rest"]["repos"]["getCombinedStatusForRef"]>>["data"]["statuses"][number]

/** Whether a check run is Slipway's: our own page is no evidence for itself. */
export type IsOwn = (run: { readonly appId: string; readonly name: string }) => boolean

/**
 * Every check run and commit status of others on a SHA, the newest of a name, App and suite; and the suites that have
 * begun and not ended, of which more runs may come. An App that never reported has an empty suite: it waits for nobody.
 * https://docs.github.com/en/rest/checks/runs#list-check-runs-for-a-git-reference,
 * https://docs.github.com/en/rest/checks/suites#list-check-suites-for-a-git-reference,
 * https://docs.github.com/en/rest/commits/statuses#get-the-combined-status-for-a-specific-reference
 */
export async function readEvidence(reader: Reader, sha: string, isOwn: IsOwn): Promise<Read<readonly Evidence[]>> {
  const [runs, suites, statuses] = await Promise.all([
    reader.all(
      (at) => reader.rest.checks.listForRef({ ...at, ref: sha, filter: "latest" }),
      (data) => ({ items: data.check_runs, total: data.total_count }),
    ),
    reader.all(
      (at) => reader.rest.checks.listSuitesForRef({ ...at, ref: sha }),
      (data) => ({ items: data.check_suites, total: data.total_count }),
    ),
    reader.all(
      (at) => reader.rest.repos.getCombinedStatusForRef({ ...at, ref: sha }),
      (data) => ({ items: data.statuses, total: data.total_count }),
    ),
  ])
  if (runs.is !== "answer") return missing("check runs", runs)
  if (suites.is !== "answer") return missing("check suites", suites)
  if (statuses.is !== "answer") return missing("commit statuses", statuses)
  const own = runs.data.filter((run) => isOwn({ appId: String(run.app?.id), name: run.name }))
  const ownSuites = new Set(own.map((run) => run.check_suite?.id))
  const reports = [
    ...runs.data.filter((run) => !own.includes(run)).map(fromRun),
    ...suites.data.filter((suite) => isOpen(suite) && !ownSuites.has(suite.id)).map(fromSuite),
    ...statuses.data.map(fromStatus),
  ]
  return read(reports.reduce<readonly Evidence[]>(withReport, []))
}

/**
 * Every attempt of every check run, and every commit status, of others on a SHA: also those that a later one replaced.
 * https://docs.github.com/en/rest/commits/statuses#list-commit-statuses-for-a-reference
 */
export async function readAttempts(reader: Reader, sha: string, isOwn: IsOwn): Promise<Read<readonly Evidence[]>> {
  const [runs, statuses] = await Promise.all([
    reader.all(
      (at) => reader.rest.checks.listForRef({ ...at, ref: sha, filter: "all" }),
      (data) => ({ items: data.check_runs, total: data.total_count }),
      ATTEMPTS_MOST,
    ),
    reader.all(
      (at) => reader.rest.repos.listCommitStatusesForRef({ ...at, ref: sha }),
      (items) => ({ items }),
      ATTEMPTS_MOST,
    ),
  ])
  if (runs.is !== "answer") return missing("attempts of checks", runs)
  if (statuses.is !== "answer") return missing("commit statuses", statuses)
  const others = runs.data.filter((run) => !isOwn({ appId: String(run.app?.id), name: run.name }))
  return read([...others.map(fromRun), ...statuses.data.map(fromStatus)])
}

/** GitHub keeps at most so many check runs of a commit; of its statuses, fewer. */
const ATTEMPTS_MOST = 1_000

const missing = (what: string, answer: Exclude<Awaited<ReturnType<Reader["all"]>>, { is: "answer" }>) =>
  unknown(
    `the ${what} could not be read: ${answer.is === "refused" ? whyUnknown(answer.error) : `${answer.atLeast} or more`}`,
  )

function fromRun(run: Run): Evidence {
  const url = run.html_url ?? run.details_url
  return {
    kind: "check",
    name: run.name,
    ...appOf(run.app),
    ...(run.check_suite ? { suite: String(run.check_suite.id) } : {}),
    id: String(run.id),
    state: stateOfCheckRun(run.status, run.conclusion),
    word: run.conclusion ?? run.status,
    ...digestsIn(run.output?.title, run.output?.summary),
    ...(url ? { url } : {}),
    ...percentOf(run.output?.title, run.output?.summary),
    at: instant(run.completed_at ?? run.started_at),
  }
}

const isOpen = ({ status, latest_check_runs_count: runs }: Suite): boolean => runs > 0 && status !== "completed"

const fromSuite = (suite: Suite): Evidence => ({
  kind: "suite",
  name: suiteName(suite.app?.slug),
  ...appOf(suite.app),
  suite: String(suite.id),
  id: String(suite.id),
  state: "pending",
  word: suite.status ?? "queued",
  at: instant(suite.updated_at),
})

const appOf = (app: { readonly id: number; readonly slug?: string } | null) =>
  app ? { ...(app.slug ? { app: app.slug } : {}), appId: String(app.id) } : {}

function fromStatus(
  status: Pick<Status, "context" | "description" | "id" | "state" | "target_url" | "updated_at">,
): Evidence {
  return {
    kind: "status",
    name: status.context,
    id: String(status.id),
    state: stateOfStatus(status.state),
    word: status.state,
    ...digestsIn(status.description),
    ...(status.target_url ? { url: status.target_url } : {}),
    ...percentOf(status.description),
    at: instant(status.updated_at),
  }
}

/** A run that has not begun has no time of its own: it is older than any that has. */
const instant = (at: string | null | undefined): string => new Date(at ?? 0).toISOString()
