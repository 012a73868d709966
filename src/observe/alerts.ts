import { type Alerts, SEVERITIES, type Severity } from "../model/alerts.ts"
import type { EntryRules } from "../model/entry-rules.ts"
import type { Learned } from "../model/facts.ts"
import { readCodeScanning } from "./code-scanning.ts"
import { readDependabot } from "./dependabot.ts"
import type { Reader } from "./reader.ts"

/** Whose alerts are asked for. */
export interface AlertsAsked {
  readonly sha: string
  readonly branch: string
  /** ISO 8601: when the release was cut. */
  readonly cut: string
  readonly "code-scanning": boolean
  /** Absent: nobody asks for them; else the least severity that somebody asks for. */
  readonly dependabot?: Severity
}

/** What several versions of an environment's gates ask for together. */
export function alertsAsked(
  rules: readonly EntryRules[],
  release: Pick<AlertsAsked, "sha" | "branch" | "cut">,
): AlertsAsked {
  const limits = rules.flatMap(({ vulnerabilities }) => vulnerabilities ?? [])
  const least = SEVERITIES.find((severity) => limits.some(({ dependabot }) => dependabot === severity))
  return {
    ...release,
    "code-scanning": limits.some((one) => one["code-scanning"] !== undefined),
    ...(least ? { dependabot: least } : {}),
  }
}

/** Reads what is asked for, of each commit: at most nineteen requests for one. */
export async function readAlerts(
  reader: Reader,
  asked: readonly AlertsAsked[],
  now: Date,
): Promise<Pick<Learned, "alerts">> {
  const wanted = asked.filter((one) => one["code-scanning"] || one.dependabot)
  if (wanted.length === 0) return {}
  const each = wanted.map(async (one) => {
    const [scanning, dependabot] = await Promise.all([
      one["code-scanning"] ? readCodeScanning(reader, one) : undefined,
      one.dependabot ? readDependabot(reader, one, one.dependabot) : undefined,
    ])
    const alerts: Alerts = {
      at: now.toISOString(),
      ...(scanning ? { "code-scanning": scanning } : {}),
      ...(dependabot ? { dependabot } : {}),
    }
    return [one.sha, alerts] as const
  })
  return { alerts: Object.fromEntries(await Promise.all(each)) }
}
