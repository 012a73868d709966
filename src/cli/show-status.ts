import type { Place, PlaceLive, Whereabouts } from "../model/places.ts"
import { shortSha } from "../render/words.ts"
import type { Terminal } from "./command.ts"
import { paint, plain } from "./paint.ts"

type Style = Parameters<typeof paint>[1]

const STATES: Readonly<Record<PlaceLive["state"], readonly [mark: string, style: Style]>> = {
  live: ["✓ live", "green"],
  verified: ["✓ verified", "green"],
  verifying: ["… verifying", "yellow"],
  failed: ["✗ failed", "red"],
  "rolling back": ["↩ rolling back", "yellow"],
  drill: ["↩ drill", "yellow"],
}

/** Where releases are, for a terminal: a table a repository, and below it what somebody has to know of its places. */
export function showStatus(all: readonly Whereabouts[], terminal: Terminal): string {
  if (all.length === 0) return "Nothing is known of any repository.\n"
  return `${all.map((one) => showOne(one, terminal)).join("\n\n")}\n`
}

function showOne({ repository, components, environments, places }: Whereabouts, terminal: Terminal): string {
  const head = paint(terminal, "bold", plain(repository))
  if (environments.length === 0) return `${head}\n  no environment is configured, and nothing was deployed`
  const rows = components.map((component) => [
    cell(component === "" ? "" : component, "bold"),
    ...environments.map((environment) =>
      cellOf(places.find((one) => one.component === component && one.environment === environment)),
    ),
  ])
  const isWhole = components.length === 1 && components[0] === ""
  const titles = [cell("", "dim"), ...environments.map((name) => cell(name, "dim"))]
  const table = [titles, ...rows].map((row) => (isWhole ? row.slice(1) : row))
  const widths = (table[0] ?? []).map((_, at) => Math.max(...table.map((row) => row[at]?.text.length ?? 0)))
  const lines = table.map((row) =>
    `  ${row.map(({ text, style }, at) => paint(terminal, style, text.padEnd(widths[at] ?? 0))).join("  ")}`.trimEnd(),
  )
  return [head, ...lines, ...places.flatMap((place) => notes(place, terminal))].join("\n")
}

interface Cell {
  readonly text: string
  readonly style: Style
}

const cell = (text: string, style: Style): Cell => ({ text: plain(text), style })

function cellOf(place: Place | undefined): Cell {
  if (place?.drift) return cell(`⚠ ${what(place.drift)} drift`, "red")
  if (!place?.live) return cell("–", "dim")
  const [mark, style] = STATES[place.live.state]
  return cell(`${place.live.version} ${mark}${place.locked ? " 🔒" : ""}`, style)
}

/** Sentences on one place: since when, and what is not as it should be. */
function notes({ component, environment, live, good, drift, locked }: Place, terminal: Terminal): readonly string[] {
  const where = plain(component === "" ? environment : `${component} in ${environment}`)
  const says = [
    ...(drift
      ? [`${what(drift)} is there since ${minute(drift.since)} by ${drift.by}, and is no release that Slipway knows of`]
      : []),
    ...(live
      ? [`${live.version} (${shortSha(live.sha)}) ${drift ? "was" : "is"} live since ${minute(live.since)}`]
      : []),
    ...(live?.unasked ? ["no gate let it in"] : []),
    ...(good && good.sha !== live?.sha ? [`last known good: ${good.version} (${shortSha(good.sha)})`] : []),
    ...(live && !good ? ["there is no last known good release"] : []),
    ...(locked ? [`locked by ${locked.by} since ${minute(locked.at)}: ${locked.because}`] : []),
  ]
  return says.map((text) => paint(terminal, "dim", `  · ${where}: ${plain(text)}`))
}

/** The version that was told where no commit was, else the commit with the ref by which it was deployed. */
function what({ sha, ref }: NonNullable<Place["drift"]>): string {
  if (sha === "") return ref
  return ref === "" || ref === sha ? shortSha(sha) : `${shortSha(sha)} (${ref})`
}

const minute = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`
