import { openingAt } from "../../model/deploy-times.ts"
import { instant } from "../wording.ts"
import type { Entry, Judged } from "./entry.ts"

/** Deployments begin on these days, between these hours, by the clocks of the window's zone. */
export function windowGate({ rules, run }: Entry): Judged | null {
  const { window } = rules
  if (!window) return null
  const { holidays } = window
  if (holidays && !holidays.dates) {
    const because = `the holidays in ${holidays.file} were not read`
    return { gate: { name: "window", state: "unknown", because } }
  }
  const opening = openingAt(window, run.now)
  if (opening.is === "closed")
    return {
      gate: { name: "window", state: "pending", because: `opens on ${instant(opening.from)} (${window.zone})` },
      until: opening.from,
    }
  const until = opening.until === null ? "always" : `until ${instant(opening.until)}`
  return {
    gate: { name: "window", state: "passed", because: `open ${until} (${window.zone})` },
    ...(opening.until === null ? {} : { until: opening.until }),
  }
}
