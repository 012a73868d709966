/** How bad an alert is, by GitHub's own word: of the rule (code scanning), of the advisory (Dependabot). */
export const SEVERITIES = ["low", "medium", "high", "critical"] as const
export type Severity = (typeof SEVERITIES)[number]

/** How many alerts there are of each severity. */
export type AlertCounts = { readonly [Of in Severity]: number }

/** What GitHub has found in a branch, as far as it can still be in a commit of it. */
export interface AlertsFound {
  /** Open now. */
  readonly open: AlertCounts
  /** Fixed by a later commit: they are in this one. */
  readonly fixedSince: AlertCounts
  /** Set aside by a person, or by a rule of theirs: GitHub's word counts. */
  readonly dismissed: AlertCounts
  /** There are more than were read, of any severity. */
  readonly more: boolean
}

/**
 * What could be learned of one kind of alerts. `waits`: code scanning has not analysed the commit (yet); `unknown`: it
 * could not be read. Neither is "none".
 */
export type AlertsRead =
  | ({ readonly is: "read"; readonly by: string } & AlertsFound)
  | { readonly is: "waits" | "unknown"; readonly because: string }

/** The alerts of one commit, as they were last read; a kind that nobody asked for is absent. */
export interface Alerts {
  /** ISO 8601 */
  readonly at: string
  readonly "code-scanning"?: AlertsRead
  readonly dependabot?: AlertsRead
}

/** How bad an alert may be that is still no obstacle: below this one. */
export interface AlertLimits {
  readonly "code-scanning"?: Severity
  readonly dependabot?: Severity
}

export const ALERT_KINDS = ["code-scanning", "dependabot"] as const

/** A severity and what is worse, the worst first. */
export const atLeast = (severity: Severity): readonly Severity[] =>
  SEVERITIES.slice(SEVERITIES.indexOf(severity)).reverse()

export const noAlerts: AlertCounts = { low: 0, medium: 0, high: 0, critical: 0 }
