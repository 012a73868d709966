import { type AlertsRead, atLeast, type Severity } from "../model/alerts.ts"
import type { AlertsAsked } from "./alerts.ts"
import { countAlerts, PAGE, whyRefused } from "./count-alerts.ts"
import { type Reader, unknown } from "./reader.ts"

const WAY_OUT = "grant the App `vulnerability_alerts: read`, and switch Dependabot alerts on"

/**
 * Dependabot's alerts. It looks at the default branch alone, as it is now: an alert that was fixed after the branch had
 * moved on from a commit is still in that commit.
 *
 * https://docs.github.com/en/rest/dependabot/alerts#list-dependabot-alerts-for-a-repository
 */
export async function readDependabot(reader: Reader, asked: AlertsAsked, least: Severity): Promise<AlertsRead> {
  const { defaultBranch } = reader.repo
  if (asked.branch !== defaultBranch)
    return unknown(
      `Dependabot looks at ${defaultBranch} alone, and this was released from ${asked.branch}: ask for code-scanning there`,
    )
  const newest = (state: string) =>
    reader.ask((common) =>
      reader.rest.dependabot.listAlertsForRepo({
        ...common,
        state,
        severity: atLeast(least).join(","),
        sort: "updated",
        direction: "desc",
        per_page: PAGE,
      }),
    )
  const [open, fixed, dismissed, left] = await Promise.all([
    newest("open"),
    newest("fixed"),
    newest("dismissed,auto_dismissed"),
    readLeft(reader, asked),
  ])
  if (open.is === "refused") return unknown(whyRefused(open.error, WAY_OUT))
  if (fixed.is === "refused") return unknown(whyRefused(fixed.error, WAY_OUT))
  if (dismissed.is === "refused") return unknown(whyRefused(dismissed.error, WAY_OUT))
  const found = countAlerts({
    open: open.data,
    fixed: fixed.data,
    dismissed: dismissed.data,
    later: () => left,
    severity: (alert) => alert.security_vulnerability.severity,
  })
  return { is: "read", by: "Dependabot", ...found, more: found.more || open.data.length >= PAGE }
}

/**
 * When the branch moved on from the commit, by GitHub's own clock (ISO 8601); null: it has not. Where GitHub's list of
 * pushes does not reach back so far, or there is none, the time of the cut has to do: nobody moved on before.
 *
 * https://docs.github.com/en/rest/repos/repos#list-repository-activities
 */
async function readLeft(reader: Reader, { sha, branch, cut }: AlertsAsked): Promise<string | null> {
  const answer = await reader.ask((common) =>
    reader.rest.repos.listActivities({ ...common, ref: `refs/heads/${branch}`, per_page: PAGE }),
  )
  if (answer.is === "refused") return cut
  if (answer.data[0]?.after === sha) return null
  return answer.data.findLast(({ before }) => before === sha)?.timestamp ?? cut
}
