import { ALERT_KINDS, SEVERITIES } from "./alerts.ts"
import { CODEOWNERS } from "./codeowners.ts"
import type { Config } from "./config.ts"
import { isSameEnvironment } from "./protection.ts"
import { quoteAll } from "./quote.ts"

type Environment = Config["environments"][string]
type Gates = Omit<Environment, "approvals">
type Window = NonNullable<Environment["window"]>

/** A gate that a repository sets lower than its organisation does. */
export interface Loosening {
  readonly path: readonly string[]
  /** The end of a sentence that begins with the key: `must be at least 2`. */
  readonly must: string
}

/** @returns what the value must be where it is looser than the floor's, else null */
type Judge<T> = (floor: T, own: T) => string | null
type Table<T> = { readonly [Key in keyof T]-?: Judge<T[Key] | undefined> }
/** Keys that are missing here must be as the floor has them: a gate that nobody has judged yet is loosened by nobody. */
type Known<T> = Partial<Table<T>>

/** No gate: what the organisation says is a default, and the repository's own word counts. */
const free: Judge<unknown> = () => null

const same: Judge<unknown> = (floor, own) =>
  textOf(floor) === textOf(own)
    ? null
    : `must be as the floor has it (${floor === undefined ? "not set" : shown(floor)})`

const atLeast: Judge<number | undefined> = (floor = 0, own = 0) => (own >= floor ? null : `must be at least ${floor}`)

const atMost: Judge<number | undefined> = (floor, own) =>
  floor === undefined || (own !== undefined && own <= floor) ? null : `must be at most ${floor}`

const longer: Judge<number | undefined> = (floor = 0, own = 0) =>
  own >= floor ? null : `must be at least ${durationOf(floor)}`

const shorter: Judge<number | undefined> = (floor, own) =>
  floor === undefined || (own !== undefined && own <= floor) ? null : `must be at most ${durationOf(floor)}`

const staysTrue: Judge<boolean | undefined> = (floor, own) => (floor && !own ? "must be `true`" : null)

const staysFalse: Judge<boolean | undefined> = (floor, own) => (!floor && own ? "must be `false`" : null)

/** Whom approvals come from: nobody is added, and not everybody where some are named. */
const fromAmong: Judge<readonly string[] | undefined> = (floor = [], own = []) => {
  // Owners are asked for what is theirs, and whoever else is named for the rest: neither takes the other's place.
  if (floor.includes(CODEOWNERS) && !own.includes(CODEOWNERS)) return `must name ${quoteAll([CODEOWNERS])} as well`
  const isOpen = (names: readonly string[]) => names.every((who) => who === CODEOWNERS)
  if (!isOpen(floor) && own.length > 0 && isOpen(own)) return `must name somebody of ${quoteAll(floor)}`
  const allowed = new Set(floor.map((who) => who.toLowerCase()))
  const isAmong = own.length > 0 && own.every((who) => allowed.has(who.toLowerCase()))
  return floor.length === 0 || isAmong ? null : `must name nobody but ${quoteAll(floor)}`
}

const containsAll: Judge<readonly unknown[] | undefined> = (floor = [], own = []) => {
  const there = new Set(own.map(textOf))
  const missing = floor.filter((entry) => !there.has(textOf(entry)))
  return missing.length === 0 ? null : `must have ${missing.map(shown).join(", ")}`
}

const noneMore: Judge<readonly unknown[] | undefined> = (floor = [], own = []) => {
  const there = new Set(floor.map(textOf))
  const more = own.filter((entry) => !there.has(textOf(entry)))
  return more.length === 0 ? null : `must have no entry that the floor does not have, such as ${shown(more[0])}`
}

/** It is watched for as long, and has to show as much. */
const verifiesAsMuch: Judge<Environment["verify"]> = (floor, own) => {
  const [asked, given] = [verification(floor), verification(own)]
  return (
    longer(asked.for, given.for) ??
    containsAll(asked.checks, given.checks) ??
    containsAll(asked.metrics, given.metrics) ??
    containsAll(asked.smoke, given.smoke)
  )
}

/** How it goes back is the repository's word; how many people have to ask for it is not. */
const asManyPeople: Judge<Environment["rollback"] | undefined> = (floor, own) => {
  const required = (rollback: Environment["rollback"] | undefined = []) =>
    Array.isArray(rollback) ? 1 : (rollback.required ?? 1)
  return required(own) >= required(floor) ? null : `must have \`required: ${required(floor)}\``
}

/** Of the same query, as much is promised, and as much has to be left. */
const keepsAsMuch: Judge<Environment["error-budget"]> = (floor, own) => {
  if (floor === undefined) return null
  const { slo, remaining, ...rest } = floor
  if (own === undefined) return "must be there"
  const { slo: promised, remaining: left, ...given } = own
  if (textOf(rest) !== textOf(given)) return "must have the floor's query and window"
  if (promised < slo) return `must promise at least ${slo}% (slo)`
  return left < remaining ? `must leave at least ${remaining}% (remaining)` : null
}

const verification = (verify: Environment["verify"] = 0): Exclude<Environment["verify"], number | undefined> =>
  typeof verify === "number" ? { for: verify } : verify

/** What is published past the gates is taken back. */
const takesBack: Judge<Config["onBypass"]> = (floor, own) =>
  floor === "revert" && own !== "revert" ? "must be `revert`" : null

/** On some of its days, within its hours, by the same clocks. */
const within: Judge<Window | undefined> = (floor, own) => {
  if (floor === undefined) return null
  return own !== undefined && liesWithin(floor, own) ? null : `must lie within ${windowOf(floor)}`
}

function liesWithin({ days, hours, holidays, ...rest }: Window, own: Window): boolean {
  const { days: ownDays, hours: ownHours, holidays: ownHolidays, ...ownRest } = own
  const closed = ownHolidays?.dates ?? []
  const isOpen =
    ownDays.every((day) => days.includes(day)) &&
    ownHours.from >= hours.from &&
    ownHours.to <= hours.to &&
    (holidays?.dates ?? []).every((date) => closed.includes(date))
  return isOpen && textOf(rest) === textOf(ownRest)
}

/** The same digest is asked for, and where the floor asks for an attestation, one by the same workflow. */
const attested: Judge<Environment["artifact"]> = (floor, own) => {
  if (floor === undefined) return null
  const { attestation } = floor
  const isHeld = attestation === undefined || textOf(own?.attestation) === textOf({ ...attestation })
  return own !== undefined && isHeld ? null : `must be as the floor has it (${shown(floor)})`
}

/** At least as much, by what the same reports say: others may say more. */
const covers: Judge<Environment["coverage"]> = (floor, own) => {
  if (floor === undefined) return null
  const { "at-least": least, ...by } = floor
  const { "at-least": now = -1, ...ownBy } = own ?? {}
  return now >= least && textOf(by) === textOf(ownBy)
    ? null
    : `must be at least ${least}${Object.keys(by).length > 0 ? `, with ${shown(by)}` : ", without `from` and `app`"}`
}

/** Each kind of alert is asked for that the floor asks for, and none that is worse gets by. */
const noWorse: Judge<Environment["vulnerabilities"]> = (floor = {}, own = {}) => {
  const isHeld = ALERT_KINDS.every((kind) => {
    const [most, now] = [floor[kind], own[kind]]
    return most === undefined || (now !== undefined && SEVERITIES.indexOf(now) <= SEVERITIES.indexOf(most))
  })
  return isHeld ? null : `must be at least as strict as the floor (${shown(floor)})`
}

/** More groups ask more people; of those of which one is enough, another one would be another way in. */
const GROUPS: Pick<Known<Config["approvals"]>, "high" | "all-of" | "any-of"> = {
  high: atLeast,
  "all-of": containsAll,
  "any-of": (floor, own) => (floor === undefined ? null : same(floor, own)),
}
const APPROVALS: Known<Config["approvals"]> = {
  required: atLeast,
  from: fromAmong,
  stakeholders: staysFalse,
  ...GROUPS,
}
const PLAN: Known<Config["plan"]> = { required: staysTrue, words: staysFalse, path: free, with: containsAll }
const RISK: Known<Config["risk"]> = { low: noneMore, high: containsAll }
const PUBLISH: Known<Config["publish"]> = {
  assets: containsAll,
  mode: free,
  changelog: free,
  manifests: free,
  dispatch: free,
  comments: free,
  audit: staysTrue,
}
const PEOPLE: Known<NonNullable<Environment["approvals"]>> = { required: atLeast, from: fromAmong, ...GROUPS }
const ENVIRONMENT: Known<Environment> = {
  after: (floor, own) => (floor === undefined ? null : same(floor, own)),
  soak: longer,
  checks: containsAll,
  freshness: shorter,
  coverage: covers,
  vulnerabilities: noWorse,
  smoke: (floor, own) => (floor === undefined ? null : same(floor, own)),
  performance: containsAll,
  "error-budget": keepsAsMuch,
  window: within,
  planned: (floor, own) => (floor === undefined ? null : same(floor, own)),
  concurrency: atMost,
  verify: verifiesAsMuch,
  artifact: attested,
  locked: (floor, own) => (floor === undefined ? null : same(floor, own)),
  criteria: containsAll,
  watch: longer,
  "on-call": fromAmong,
  rollback: asManyPeople,
  good: free,
}

/** What describes the repository, or how it speaks: its own word counts. */
const DEFAULTS: readonly (keyof Config)[] = [
  "extends",
  "branches",
  "version",
  "components",
  "workspaces",
  "linked",
  "changes",
  "notes",
  "impact",
  "slack",
  "page",
  "audiences",
  // It publishes only what every gate lets through.
  "train",
]
const JUDGED: readonly (keyof Config)[] = ["approvals", "plan", "risk", "publish", "environments", "hotfix", "onBypass"]

/**
 * What a configuration sets lower than the floor does. Where it gives nothing, it passes no release that the floor alone
 * would not pass. What the floor itself leaves out counts with its default: one approval, no low risk.
 *
 * @param own the repository's, with what it leaves out taken from the floor
 */
export function loosened(floor: Config, own: Config): readonly Loosening[] {
  const rest = Object.keys({ ...floor, ...own }) as (keyof Config)[]
  return [
    ...judged(APPROVALS, floor.approvals, own.approvals, ["approvals"]),
    ...componentPeople(floor, own),
    ...judged(PLAN, floor.plan, own.plan, ["plan"]),
    ...judged(RISK, floor.risk, own.risk, ["risk"]),
    ...judged(PUBLISH, floor.publish, own.publish, ["publish"]),
    ...environments(floor.environments, own.environments, ["environments"]),
    ...hotfix(floor, own),
    ...found(["onBypass"], takesBack(floor.onBypass, own.onBypass)),
    ...rest
      .filter((key) => !DEFAULTS.includes(key) && !JUDGED.includes(key))
      .flatMap((key) => found([key], same(floor[key], own[key]))),
  ]
}

/** A component's own people stand in the place of the repository's: they are held to the same floor. */
function componentPeople({ approvals }: Config, own: Config): readonly Loosening[] {
  const { stakeholders: _, ...floor } = approvals
  return Object.entries(own.components).flatMap(([name, component]) =>
    component.approvals
      ? judged<typeof floor>({ required: atLeast, from: fromAmong, ...GROUPS }, floor, component.approvals, [
          "components",
          name,
          "approvals",
        ])
      : [],
  )
}

function judged<T extends object>(table: Known<T>, floor: T, own: T, path: readonly string[]): readonly Loosening[] {
  const keys = [...new Set([...Object.keys(floor), ...Object.keys(own)])] as (keyof T & string)[]
  return keys.flatMap((key) => found([...path, key], (table[key] ?? same)(floor[key], own[key])))
}

const found = (path: readonly string[], must: string | null): readonly Loosening[] =>
  must === null ? [] : [{ path, must }]

type Environments = Config["environments"]

function environments(floor: Environments, own: Environments, path: readonly string[]): readonly Loosening[] {
  const there = Object.entries(floor).flatMap(([name, gates]) => {
    const now = Object.hasOwn(own, name) ? own[name] : undefined
    return now ? environment(gates, now, [...path, name]) : found([...path, name], "must be there")
  })
  return [...there, ...renamed(Object.keys(floor), Object.keys(own), path)]
}

/** GitHub tells environments apart without their case: in other letters it would be the same one with gates of its own. */
const renamed = (floor: readonly string[], own: readonly string[], path: readonly string[]): readonly Loosening[] =>
  own.flatMap((name) => {
    const meant = floor.includes(name) ? undefined : floor.find((other) => isSameEnvironment(other, name))
    return meant === undefined ? [] : found([...path, name], `must be called ${quoteAll([meant])}`)
  })

function environment(floor: Environment, own: Environment, path: readonly string[]): readonly Loosening[] {
  const { approvals: asked, ...gates } = floor
  const { approvals: given, ...now } = own
  const people = [...path, "approvals"]
  return [
    ...judged<Gates>(ENVIRONMENT, gates, now, path),
    ...narrowed(gates, now, path),
    ...(asked === undefined
      ? []
      : given === undefined
        ? found(people, "must be there")
        : judged(PEOPLE, asked, given, people)),
  ]
}

/**
 * What one key leaves out, another speaks of more widely: without `checks` everything on the commit has to be fresh, and
 * without `after` what is soaked is the release.
 */
function narrowed(floor: Gates, own: Gates, path: readonly string[]): readonly Loosening[] {
  const isFresh = floor.freshness !== undefined && floor.checks.length === 0 && own.checks.length > 0
  const isSoaked = floor.soak !== undefined && floor.after === undefined && own.after !== undefined
  return [
    ...(isFresh ? found([...path, "checks"], "must be empty: without it, `freshness` speaks of every check") : []),
    ...(isSoaked ? found([...path, "after"], "must not be set: without it, `soak` counts from the publication") : []),
  ]
}

/**
 * The hotfix path has fewer gates. Where the organisation declares one, a repository takes no other branches on it; and it
 * asks there for what the organisation asks on that path, or where that says nothing of it, on the usual one.
 */
function hotfix(floor: Config, own: Config): readonly Loosening[] {
  const path = ["hotfix", "environments"]
  const isDeclared = floor.hotfix.branches.length + Object.keys(floor.hotfix.environments).length > 0
  return [
    ...(isDeclared ? found(["hotfix", "branches"], noneMore(floor.hotfix.branches, own.hotfix.branches)) : []),
    ...environments(floor.hotfix.environments, own.hotfix.environments, path),
    ...renamed(Object.keys(floor.environments), Object.keys(own.hotfix.environments), path),
    ...Object.entries(own.hotfix.environments).flatMap(([name, gates]) => {
      const usual = Object.hasOwn(floor.environments, name) ? floor.environments[name] : undefined
      const isJudged = Object.hasOwn(floor.hotfix.environments, name)
      return usual && !isJudged ? environment(usual, gates, [...path, name]) : []
    }),
    ...judged<Omit<Config["hotfix"], "branches" | "environments">>({}, restOf(floor.hotfix), restOf(own.hotfix), [
      "hotfix",
    ]),
  ]
}

function restOf({ branches: _, environments: __, ...rest }: Config["hotfix"]) {
  return rest
}

/** The same text for the same value, whatever the order of its keys. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, it: unknown) =>
    typeof it === "object" && it !== null && !Array.isArray(it) ? Object.fromEntries(Object.entries(it).sort()) : it,
  ) ?? ""

const shown = (value: unknown): string => quoteAll([typeof value === "string" ? value : textOf(value)])

const HOUR = 60
const DAY = 24 * HOUR

function durationOf(minutes: number): string {
  if (minutes % DAY === 0) return `${minutes / DAY}d`
  return minutes % HOUR === 0 ? `${minutes / HOUR}h` : `${minutes}m`
}

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / HOUR)).padStart(2, "0")}:${String(minutes % HOUR).padStart(2, "0")}`

const windowOf = ({ days, hours, zone, holidays }: Window): string => {
  const count = holidays?.dates?.length ?? 0
  const without = count === 0 ? "" : `, without its ${count === 1 ? "holiday" : `${count} holidays`}`
  return `${days.join(", ")}, ${clock(hours.from)}-${clock(hours.to)} ${zone}${without}`
}
