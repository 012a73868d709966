/** What `slipway rollback` asks for, as an issue that names it. */
export interface IncidentRequest {
  readonly environment: string
  /** Absent: what is live or failing there. */
  readonly from?: string
  readonly component?: string
  /** Absent: the last known good release. */
  readonly to?: string
  readonly because?: string
}

const TITLE_LIMIT = 256

/** In the words that Slipway reads in such an issue. Each stands on a line of its own, whatever it holds. */
export function renderIncidentRequest(asked: IncidentRequest): { readonly title: string; readonly body: string } {
  const { environment, from, component, to, because } = asked
  const what = `Roll ${component === undefined ? "" : `${component} in `}${environment} back`
  const fields = [
    ["Release", from ?? "live"],
    ["Environment", environment],
    ["Component", component],
    ["Back to", to],
    ["Because", because],
  ].flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${oneLine(value)}`]))
  const title = oneLine(because === undefined ? what : `${what}: ${because}`)
  return { title: [...title].slice(0, TITLE_LIMIT).join(""), body: `${fields.join("\n")}\n` }
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim()
