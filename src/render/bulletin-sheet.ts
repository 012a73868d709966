import type { Bulletin } from "../model/bulletin.ts"
import { oneLine } from "./one-line.ts"
import { webAddress } from "./slack-text.ts"
import { count, cut, list } from "./words.ts"

/** What a bulletin says, piece by piece: plain text, each piece one line and not too long, nothing of it escaped. */
export interface Sheet {
  readonly symbol: string
  readonly heading: string
  readonly says: string
  readonly facts: readonly (readonly [label: string, value: string])[]
  readonly lists: readonly { readonly title: string; readonly items: readonly string[]; readonly more: number }[]
  readonly links: readonly { readonly text: string; readonly url: string }[]
}

const SHOWN = { features: 15, breaking: 10, timeline: 10, environments: 10 }
const LONGEST = { name: 100, text: 200, says: 500 }

/** Makes what is said of what is known: the same words for e-mail and for Slack. */
export function sheetOf(bulletin: Bulletin): Sheet {
  const { repository, component, version } = bulletin
  const what = `${line(repository.slice(repository.indexOf("/") + 1))}${component ? ` ${line(component)}` : ""} ${line(version)}`
  const url = webAddress(bulletin.url)
  return {
    ...newsOf(bulletin, what),
    lists: [
      listOf("What ships", bulletin.features, SHOWN.features),
      listOf("Breaking changes", bulletin.breaking, SHOWN.breaking),
    ].filter(({ items }) => items.length > 0),
    links: url === undefined ? [] : [{ text: "Release notes", url }],
  }
}

function newsOf(bulletin: Bulletin, what: string): Pick<Sheet, "symbol" | "heading" | "says" | "facts"> {
  const { news, zone, previous, version } = bulletin
  const at = (iso: string) => timeIn(zone, iso)
  const ships = ["Changes", counted(bulletin)] as const
  const from = ["From", previous === null ? "the first release" : line(previous)] as const
  switch (news.is) {
    case "coming":
      return {
        symbol: "📅",
        heading: `${what} is coming`,
        says: news.date === undefined ? `${what} is being prepared.` : `${what} is planned for ${at(news.date)}.`,
        facts: [
          ...news.timeline.slice(0, SHOWN.timeline).map((step) => [capital(line(step.what)), at(step.at)] as const),
          from,
          ships,
        ],
      }
    case "published":
      return {
        symbol: "🚀",
        heading: `${what} is published`,
        says: `${what} was published by ${line(news.by)} on ${at(news.at)}.`,
        facts: [from, ships],
      }
    case "live": {
      const places = news.environments.slice(0, SHOWN.environments)
      const where = list(places.map(({ name }) => line(name)))
      return {
        symbol: "✅",
        heading: `${what} is live`,
        says: where === "" ? `${what} is out.` : `${what} is live in ${where}.`,
        facts: [...places.map(({ name, since }) => [line(name), `live since ${at(since)}`] as const), from, ships],
      }
    }
    case "rolled back": {
      const environment = line(news.environment)
      return {
        symbol: "↩️",
        heading: `${what} was ${news.how === undefined ? "rolled back" : "taken back"}`,
        says:
          news.how === undefined
            ? `${what} was taken out of ${environment} again: ${line(news.to)} is live there, as it was before.`
            : `${what} was bad in ${environment}: ${cut(oneLine(news.how), LONGEST.says)}.`,
        facts: [
          ["Environment", environment],
          ...(news.how === undefined
            ? ([
                ["Rolled back from", line(version)],
                ["Rolled back to", line(news.to)],
              ] as const)
            : []),
          ["By", line(news.by)],
          ["At", at(news.at)],
          ...(news.because ? [["Reason", cut(oneLine(news.because), LONGEST.says)] as const] : []),
        ],
      }
    }
  }
}

function counted({ counts }: Bulletin): string {
  const parts = [
    ...(counts.breaking > 0 ? [count(counts.breaking, "breaking change")] : []),
    ...(counts.features > 0 ? [count(counts.features, "feature")] : []),
    ...(counts.fixes > 0 ? [count(counts.fixes, "fix", "fixes")] : []),
    ...(counts.other > 0 ? [count(counts.other, "other change")] : []),
  ]
  return parts.length > 0 ? list(parts) : "none"
}

const listOf = (title: string, items: readonly string[], most: number): Sheet["lists"][number] => ({
  title,
  items: items.slice(0, most).map((item) => cut(oneLine(item), LONGEST.text)),
  more: Math.max(0, items.length - most),
})

const line = (text: string): string => cut(oneLine(text), LONGEST.name)

const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`

/** `Monday 30 November 2026, 11:00 (Europe/Berlin)`: who gets an e-mail shall not have to reckon. */
function timeIn(zone: string, iso: string): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return "an unknown time"
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  })
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
  return `${part.weekday} ${part.day} ${part.month} ${part.year}, ${part.hour}:${part.minute} (${zone})`
}
