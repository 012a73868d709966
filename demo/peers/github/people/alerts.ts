import { type AlertRow, type AnalysisRow, extraOf, iso, repositoryOf } from "../state.ts"
import type { Stage } from "./act.ts"

/** A tool has analysed a commit of a branch. */
export function analyse(
  { state }: Stage,
  input: { repo: string; sha: string; branch?: string; tool?: string; category?: string; error?: string },
): void {
  const row: AnalysisRow = {
    id: state.nextId(),
    sha: input.sha,
    ref: `refs/heads/${input.branch ?? "main"}`,
    tool: input.tool ?? "CodeQL",
    category: input.category ?? "/language:javascript",
    error: input.error ?? "",
    at: iso(state.now()),
  }
  extraOf(state, repositoryOf(state, input.repo)).analyses.push(row)
}

/** Code scanning or Dependabot found something. Returns its number. */
export function raiseAlert(
  { state }: Stage,
  input: { repo: string; of: AlertRow["of"]; severity: AlertRow["severity"]; sha?: string; branch?: string },
): number {
  const { alerts } = extraOf(state, repositoryOf(state, input.repo))
  const at = iso(state.now())
  const number = alerts.length + 1
  alerts.push({
    number,
    of: input.of,
    severity: input.severity,
    state: "open",
    ref: `refs/heads/${input.branch ?? "main"}`,
    sha: input.sha ?? "0".repeat(40),
    at,
    updatedAt: at,
    fixedAt: null,
  })
  return number
}

/** A later commit fixed it, or a person set it aside. */
export function endAlert(
  { state }: Stage,
  input: { repo: string; number: number; state: "fixed" | "dismissed" },
): void {
  const row = extraOf(state, repositoryOf(state, input.repo)).alerts[input.number - 1]
  if (!row) throw new Error(`there is no alert ${input.number}`)
  const at = iso(state.now())
  Object.assign(row, { state: input.state, updatedAt: at, fixedAt: input.state === "fixed" ? at : null })
}

/** Switches Dependabot's alerts on, as an admin does in the repository's settings, or off. */
export function switchDependabot({ state }: Stage, repo: string, isOn: boolean): void {
  extraOf(state, repositoryOf(state, repo)).dependabot = isOn
}
