import { ALERT_KINDS, type AlertsRead, atLeast, type Severity } from "../../model/alerts.ts"
import type { Gate } from "../../model/gate.ts"
import { own } from "../../model/own.ts"
import { pageUrl } from "../links.ts"
import { instant, list, plural } from "../wording.ts"
import { isDue, nextReading } from "./again.ts"
import type { Entry, Judged } from "./entry.ts"

interface Said {
  readonly state: Gate["state"]
  readonly because: string
}

const WORST = ["failed", "unknown", "pending", "passed"] as const

/** GitHub has found nothing in the release's commit that is as bad as the environment says, or worse. */
export function vulnerabilitiesGate(entry: Entry): Judged | null {
  const { vulnerabilities } = entry.rules
  if (!vulnerabilities) return null
  const known = own(entry.state.alerts, entry.release.phase.candidate.sha)
  const asked = ALERT_KINDS.flatMap((kind) => {
    const least = vulnerabilities[kind]
    return least ? [{ kind, least, read: known?.[kind] }] : []
  })
  const evidence = asked.map(({ kind }) => ({ text: kind, url: pageUrl(entry.run.repo, `security/${kind}`) }))
  const judged = (state: Gate["state"], because: string): Judged => ({
    gate: { name: "vulnerabilities", state, because, evidence },
  })
  if (!known || asked.some(({ read }) => read === undefined))
    return { ...judged("unknown", "was not read yet"), unread: true }
  const said = asked.flatMap(({ read, least }) => (read ? [judge(read, least)] : []))
  const worst = said.toSorted((a, b) => WORST.indexOf(a.state) - WORST.indexOf(b.state))[0]
  if (!worst) return judged("unknown", "nothing is asked for")
  const because = list(said.filter(({ state }) => state === worst.state).map((one) => one.because))
  if (worst.state === "passed") return judged("passed", `${because}, on ${instant(known.at)}`)
  if (worst.state === "unknown") return judged("unknown", because)
  const again = isDue(entry, known.at) ? ({ unread: true } as const) : { until: nextReading(entry, known.at) }
  return { ...judged(worst.state, because), ...again }
}

function judge(read: AlertsRead, least: Severity): Said {
  if (read.is !== "read") return { state: read.is === "waits" ? "pending" : "unknown", because: read.because }
  const bad = atLeast(least)
  const sum = (counts: { readonly [Of in Severity]: number }) => bad.reduce((all, one) => all + counts[one], 0)
  const here = bad.flatMap((one) => {
    const count = read.open[one] + read.fixedSince[one]
    return count > 0 ? [`${count} ${one}`] : []
  })
  const { by } = read
  if (here.length > 0) {
    const later = sum(read.fixedSince)
    const fixed = later > 0 ? `; ${later} of them ${later === 1 ? "was" : "were"} fixed by a later commit` : ""
    return { state: "failed", because: `${by} found ${list(here)}${read.more ? " and more" : ""}${fixed}` }
  }
  if (read.more) return { state: "unknown", because: `${by} found more than can be read: 100 or more` }
  const aside = sum(read.dismissed)
  const dismissed = aside > 0 ? ` (${plural(aside, "dismissed alert")} not counted)` : ""
  const asBad = least === "critical" ? "critical" : `${least} or worse`
  return { state: "passed", because: `${by} found nothing ${asBad}${dismissed}` }
}

/** Every kind that is asked for was read by this very run. */
export function isAlertsRead({ rules, release, run }: Entry): boolean {
  const read = own(run.facts.learned.alerts, release.phase.candidate.sha)
  return ALERT_KINDS.every((kind) => rules.vulnerabilities?.[kind] === undefined || read?.[kind] !== undefined)
}
