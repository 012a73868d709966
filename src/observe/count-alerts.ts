import { type AlertCounts, type AlertsFound, noAlerts, type Severity } from "../model/alerts.ts"
import type { PeerError } from "../peers/errors.ts"

/** Of a list without an end only so many are read. */
export const PAGE = 100

interface Alert {
  readonly fixed_at?: string | null
  readonly updated_at?: string
}
interface Lists<T extends Alert> {
  readonly open: readonly T[]
  /** The newest first; one page. */
  readonly fixed: readonly T[]
  readonly dismissed: readonly T[]
  /** From when on an alert was fixed by a later commit (ISO 8601); null: there is none. */
  readonly later: (alert: T) => string | null
  readonly severity: (alert: T) => Severity | null | undefined
}

/** Counts what can be in a commit: an alert that was fixed before, or by the commit itself, cannot. */
export function countAlerts<T extends Alert>({ open, fixed, dismissed, later, severity }: Lists<T>): AlertsFound {
  const isLater = (alert: T, at: string | null | undefined): boolean => {
    const since = later(alert)
    return since !== null && (at == null || Date.parse(at) >= Date.parse(since))
  }
  const count = (alerts: readonly T[]): AlertCounts => {
    const counts = { ...noAlerts }
    for (const alert of alerts) {
      const of = severity(alert)
      if (of) counts[of] += 1
    }
    return counts
  }
  const oldest = fixed.at(-1)
  return {
    open: count(open),
    fixedSince: count(fixed.filter((alert) => isLater(alert, alert.fixed_at))),
    dismissed: count(dismissed),
    more: fixed.length >= PAGE && oldest !== undefined && isLater(oldest, oldest.updated_at),
  }
}

/** GitHub says 403 or 404 of what the App may not see as well as of what is switched off. */
export const whyRefused = ({ is, message }: PeerError, wayOut: string): string =>
  is === "forbidden" || is === "gone" ? `GitHub does not tell: ${wayOut} (${message})` : message
