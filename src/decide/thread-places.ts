import type { Config } from "../model/config.ts"
import type { Reply } from "../model/message.ts"
import type { Handles } from "../model/outcome.ts"
import { own } from "../model/own.ts"
import { isSameEnvironment } from "../model/protection.ts"
import type { Release } from "../model/release.ts"
import type { State } from "../model/state.ts"
import { aboutOf, SEVERITIES } from "../model/thread-event.ts"
import { configOf } from "./plan-of.ts"

/** A channel that has, or may come to have, a release's message. */
export interface Place {
  readonly channel: string
  /** The target of its message there. */
  readonly thread: string
  /** A channel that takes no messages holds up no other one. */
  readonly lane: string
  /** What tells the replies there from those in the release's own channel. */
  readonly apart: string
}

type Rule = NonNullable<Config["slack"]["channels"]>[number]

export const threadTarget = (release: string): string => `thread:${release}`

/** Where a release is announced; null: nowhere. The repository's own channel comes before the account's. */
export function channelOf({ state }: { readonly state: State }, release: string): string | null {
  const { announcements } = state
  if (announcements.is === "off") return null
  return slackOf(state, release)?.channel ?? announcements.channel
}

/** What is known, and which messages stand where. */
interface Known {
  readonly state: State
  readonly handles: Handles
}

/**
 * Where something that happens to a release is told: in its own channel, and where a rule asks for it. That it was rolled
 * back is told in every channel that was told anything of it, whatever kinds of events its rule asks for.
 */
export function placesTold(known: Known, release: string, reply: Reply): readonly Place[] {
  const { state, handles } = known
  const isTold = ({ to }: Rule) => handles[threadIn(release, to)] !== undefined
  const routed = rulesFor(state, release)
    .filter(
      (rule) =>
        asksFor(rule, reply) || (reply.is === "rolled back" && isTold(rule) && isIn(rule, aboutOf(reply).environment)),
    )
    .map(({ to }) => to)
  return placesIn(known, release, routed)
}

/** What comes out with another repository's release has no thread of its own; one that it had before is kept true. */
export const hasNoThread = ({ state, handles }: Known, release: string): boolean =>
  find(state, release)?.joined !== undefined && handles[threadTarget(release)] === undefined

/** Its message in a channel that is not its own. */
const threadIn = (release: string, channel: string): string => `${threadTarget(release)}:${channel}`

/** Every place that a release may have a message in, and whether all is told there, from the draft on. */
export function placesOf(known: Known, release: string): readonly (Place & { readonly all: boolean })[] {
  const rules = rulesFor(known.state, release)
  const routed = rules.map(({ to }) => to)
  const isOfAllIn = (channel: string) => rules.some((rule) => rule.to === channel && isOfAll(rule))
  return placesIn(known, release, routed).map((place) => ({
    ...place,
    all: place.apart === "" || isOfAllIn(place.channel),
  }))
}

function placesIn(known: Known, release: string, routed: readonly string[]): readonly Place[] {
  const home = channelOf(known, release)
  // Its message stays where it was posted, whatever channel the configuration names since.
  const stands = own(known.handles, threadTarget(release))?.extra?.named ?? home
  const beside = [...new Set(routed)].filter((channel) => channel !== stands)
  return [
    ...(home === null ? [] : [{ channel: home, thread: threadTarget(release), lane: `slack:${release}`, apart: "" }]),
    ...beside.map((channel) => ({
      channel,
      thread: threadIn(release, channel),
      lane: `slack:${release}:${channel}`,
      apart: `@${channel}`,
    })),
  ]
}

/** The rules that speak of a release, whatever happens to it. */
function rulesFor(state: State, id: string): readonly Rule[] {
  if (state.announcements.is === "off") return []
  const rules = slackOf(state, id)?.channels ?? []
  if (rules.length === 0) return []
  const component = find(state, id)?.component ?? ""
  return rules.filter((rule) => rule.component === undefined || rule.component.includes(component))
}

const isOfAll = ({ environment, event, severity }: Rule): boolean =>
  environment === undefined && event === undefined && (severity === undefined || severity === "info")

function asksFor(rule: Rule, reply: Reply): boolean {
  const { event, severity, environment } = aboutOf(reply)
  if (rule.event !== undefined && !rule.event.includes(event)) return false
  if (rule.severity !== undefined && SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(rule.severity)) return false
  return isIn(rule, environment)
}

function isIn(rule: Rule, environment: string | undefined): boolean {
  if (rule.environment === undefined) return true
  // Where there are several components, `production (api)` is production.
  const name = environment?.replace(/ \([^()]*\)$/, "")
  return rule.environment.some(
    (one) => (name !== undefined && isSameEnvironment(one, name)) || (environment !== undefined && one === environment),
  )
}

const find = (state: State, id: string): Release | undefined => state.releases.find((release) => release.id === id)

function slackOf(state: State, id: string): Config["slack"] | undefined {
  const line = own(state.lines, find(state, id)?.branch ?? "")
  return line && configOf(line).slack
}
