import { ok, paged, type RepositoryCall, type RepositoryEndpoint } from "../call.ts"
import { apiOf, webOf } from "../shapes/repository.ts"
import { type AlertRow, type AnalysisRow, extraOf, forbidden, notFound } from "../state.ts"

/** Newest first, by `sort` and `direction`; both lists of alerts have them. */
function sorted(call: RepositoryCall, rows: readonly AlertRow[]): AlertRow[] {
  const { query } = call.request
  const by = query.get("sort") === "updated" ? "updatedAt" : "at"
  const order = query.get("direction") === "asc" ? 1 : -1
  return rows.toSorted((a, b) => (a[by] < b[by] ? -order : order))
}

const isWanted = (wanted: string | null, is: string): boolean => wanted === null || wanted.split(",").includes(is)

const listAnalyses: RepositoryEndpoint = (call) => {
  const { state, repository, request } = call
  const all = extraOf(state, repository).analyses
  if (all.length === 0) throw notFound("no analysis found")
  const rows = all.filter(({ ref }) => isWanted(request.query.get("ref"), ref))
  const newest = rows.toSorted((a, b) => (a.at < b.at ? 1 : -1))
  const page = paged(call, newest)
  return ok(
    page.items.map((row) => analysis(call, row)),
    page.headers,
  )
}

const analysis = ({ state, repository }: RepositoryCall, row: AnalysisRow) => ({
  ref: row.ref,
  commit_sha: row.sha,
  analysis_key: ".github/workflows/codeql.yml:analyze",
  environment: "{}",
  category: row.category,
  error: row.error,
  warning: "",
  created_at: row.at,
  results_count: 0,
  rules_count: 100,
  id: row.id,
  url: `${apiOf(state, repository)}/code-scanning/analyses/${row.id}`,
  sarif_id: `6c81cd8e-b078-4ac3-a3be-${String(row.id).padStart(12, "0")}`,
  tool: { name: row.tool, guid: null, version: "2.20.0" },
  deletable: true,
})

const listCodeAlerts: RepositoryEndpoint = (call) => {
  const { state, repository, request } = call
  const { analyses, alerts } = extraOf(state, repository)
  if (analyses.length === 0) throw notFound("no analysis found")
  const rows = alerts.filter(
    (row) =>
      row.of === "code-scanning" &&
      isWanted(request.query.get("ref"), row.ref) &&
      isWanted(request.query.get("state"), row.state),
  )
  const page = paged(call, sorted(call, rows))
  return ok(
    page.items.map((row) => codeAlert(call, row)),
    page.headers,
  )
}

const codeAlert = (call: RepositoryCall, row: AlertRow) => {
  const api = `${apiOf(call.state, call.repository)}/code-scanning/alerts/${row.number}`
  return {
    number: row.number,
    created_at: row.at,
    updated_at: row.updatedAt,
    url: api,
    html_url: `${webOf(call.state, call.repository)}/security/code-scanning/${row.number}`,
    instances_url: `${api}/instances`,
    state: row.state,
    fixed_at: row.fixedAt,
    dismissed_by: null,
    dismissed_at: row.state === "dismissed" ? row.updatedAt : null,
    dismissed_reason: row.state === "dismissed" ? "won't fix" : null,
    dismissed_comment: null,
    rule: {
      id: "js/sql-injection",
      name: "js/sql-injection",
      severity: "error",
      security_severity_level: row.severity,
      description: "Database query built from user-controlled sources",
      tags: ["security"],
    },
    tool: { name: "CodeQL", guid: null, version: "2.20.0" },
    most_recent_instance: {
      ref: row.ref,
      analysis_key: ".github/workflows/codeql.yml:analyze",
      environment: "{}",
      state: row.state,
      commit_sha: row.sha,
      message: { text: "This query depends on a user-provided value." },
      location: { path: "src/pay.js", start_line: 1, end_line: 1, start_column: 1, end_column: 9 },
      classifications: [],
    },
  }
}

const listDependabotAlerts: RepositoryEndpoint = (call) => {
  const { state, repository, request } = call
  const { alerts, dependabot } = extraOf(state, repository)
  if (!dependabot) throw forbidden("Dependabot alerts are disabled for this repository.")
  const rows = alerts.filter(
    (row) =>
      row.of === "dependabot" &&
      isWanted(request.query.get("state"), row.state) &&
      isWanted(request.query.get("severity"), row.severity),
  )
  // This list is paged by cursors; a caller that needs more than the first page finds the next one in `Link`.
  const most = Number(request.query.get("per_page") ?? 30)
  return ok(
    sorted(call, rows)
      .slice(0, most)
      .map((row) => dependabotAlert(call, row)),
  )
}

const dependabotAlert = (call: RepositoryCall, row: AlertRow) => {
  const packageOf = { ecosystem: "npm", name: "left-pad" }
  const vulnerability = {
    package: packageOf,
    severity: row.severity,
    vulnerable_version_range: "< 1.3.1",
    first_patched_version: { identifier: "1.3.1" },
  }
  const score = { score: 9.8, vector_string: null }
  return {
    number: row.number,
    state: row.state,
    dependency: { package: packageOf, manifest_path: "package-lock.json", scope: "runtime" },
    security_advisory: {
      ghsa_id: "GHSA-xxxx-xxxx-xxxx",
      cve_id: null,
      summary: "Padding out of bounds",
      description: "Padding out of bounds",
      vulnerabilities: [vulnerability],
      severity: row.severity,
      cvss: score,
      cwes: [],
      identifiers: [{ type: "GHSA", value: "GHSA-xxxx-xxxx-xxxx" }],
      references: [],
      published_at: row.at,
      updated_at: row.at,
      withdrawn_at: null,
    },
    security_vulnerability: vulnerability,
    url: `${apiOf(call.state, call.repository)}/dependabot/alerts/${row.number}`,
    html_url: `${webOf(call.state, call.repository)}/security/dependabot/${row.number}`,
    created_at: row.at,
    updated_at: row.updatedAt,
    dismissed_at: row.state === "dismissed" ? row.updatedAt : null,
    dismissed_by: null,
    dismissed_reason: row.state === "dismissed" ? "tolerable_risk" : null,
    dismissed_comment: null,
    fixed_at: row.fixedAt,
  }
}

export const alertEndpoints: Record<string, RepositoryEndpoint> = {
  "code-scanning/list-recent-analyses": listAnalyses,
  "code-scanning/list-alerts-for-repo": listCodeAlerts,
  "dependabot/list-alerts-for-repo": listDependabotAlerts,
}
