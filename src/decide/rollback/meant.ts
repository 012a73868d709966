import { type Environment, placeOf } from "../../model/deployment.ts"
import type { IncidentText } from "../../model/incident.ts"
import { isSameEnvironment } from "../../model/protection.ts"
import type { Release } from "../../model/release.ts"
import type { State } from "../../model/state.ts"
import { isFailing, lastKnownGood } from "../last-known-good.ts"
import { releaseOf } from "../run.ts"
import { list } from "../wording.ts"

/** What an issue means: a release that is live or failing in an environment, and what is to come back. */
export interface Meant {
  readonly environment: Environment
  readonly release: Release
  /** Absent: the last known good release. */
  readonly to?: string
}

type Spot = Omit<Meant, "to">

/** In place of a version: whatever is there. */
const LIVE = "live"

const LABELS = { release: "Release", environment: "Environment", component: "Component", to: "Back to" } as const
type Named = keyof typeof LABELS

/**
 * What an issue names, for certain: a field of its body counts before its title, in which a word is a name where it is
 * exactly one. Nothing is guessed: what fits two is asked back.
 *
 * @returns why nothing is meant, as a sentence without its end
 */
export function meantBy(state: State, text: IncidentText): Meant | string {
  const twice = (Object.keys(LABELS) as Named[]).find((name) => text[name].length > 1)
  if (twice) return `it has several lines “${LABELS[twice]}”: ${list(text[twice])}`
  const spots = named(state, text)
  if (typeof spots === "string") return spots
  const [spot, other] = spots
  if (!spot) return `${text.release[0] ?? "what it names"} is not live or failing there`
  if (other) return ambiguous(spots)
  const to = goal(state, spot, text.to[0])
  return typeof to === "string" ? to : { ...spot, ...to }
}

/** Where a release is live, or is what failed last, and fits all that is named. */
function named(state: State, text: IncidentText): readonly Spot[] | string {
  const words = wordsOf(text.title)
  const all = spotsOf(state)
  const [version] = text.release
  const released = all.filter(({ release }) =>
    version === undefined
      ? words.some((word) => isNamed(release, word))
      : version.toLowerCase() === LIVE || isNamed(release, version),
  )
  if (released.length === 0) return unknownRelease(version, all)
  const [place, component] = [text.environment[0], text.component[0]]
  const isThere = (name: string) => (spot: Spot) => isSameEnvironment(spot.environment.name, name)
  const isOf = (name: string) => (spot: Spot) => spot.environment.component === name
  const there = narrowed(released, place, words, isThere)
  if (there.length === 0) return notThere(version, place ?? "", all)
  const found = narrowed(there, component, words, isOf)
  return found.length === 0 ? `there is no component ${component} of it there` : found
}

/** By a field, or, where there is none, by what the title says of it, if it says anything. */
function narrowed(
  spots: readonly Spot[],
  field: string | undefined,
  words: readonly string[],
  fits: (name: string) => (spot: Spot) => boolean,
): readonly Spot[] {
  if (field !== undefined) return spots.filter(fits(field))
  const said = spots.filter((spot) => words.some((word) => fits(word)(spot)))
  return said.length === 0 ? spots : said
}

function spotsOf(state: State): readonly Spot[] {
  return Object.values(state.environments).flatMap((environment) => {
    const { live, failed, drill } = environment
    const ids = new Set([
      ...(failed && isFailing(environment, failed.release) ? [failed.release] : []),
      ...(live ? [live.release] : []),
      // What left for practice is still what people have an incident with.
      ...(drill ? [drill.from.release] : []),
    ])
    return [...ids].flatMap((id) => {
      const release = releaseOf(state, id)
      return release?.phase.is === "published" ? [{ environment, release }] : []
    })
  })
}

/** By its tag, or its version, with or without a `v`. */
function isNamed(release: Release, name: string): boolean {
  const version = versionOf(release)
  return [release.tag, version, `v${version}`].includes(name)
}

const versionOf = ({ phase }: Release): string => (phase.is === "published" ? phase.candidate.version : "")

/** Words without the quotation marks, brackets and stops around them. */
const wordsOf = (title: string): readonly string[] =>
  title
    .split(/\s+/)
    .map((word) => word.replace(/^[("'`[{“‘]+/, "").replace(/[)"'`\]}”’.,;:!?]{1,20}$/, ""))
    .filter((word) => word !== "")

function unknownRelease(version: string | undefined, all: readonly Spot[]): string {
  if (all.length === 0) return "no release is live or failing in any environment that Slipway knows of"
  return version === undefined
    ? "it names no release that is live or failing: its title has to, or a line such as “Release: 1.4.2”, or “Release: live” with a line “Environment: production”"
    : `${version} is no release that is live or failing in an environment`
}

function notThere(version: string | undefined, place: string, all: readonly Spot[]): string {
  const there = all.filter(({ environment }) => isSameEnvironment(environment.name, place))
  const names = [...new Set(all.map(({ environment }) => environment.name))]
  if (there.length === 0) return `nothing is live or failing in an environment ${place}; there is ${list(names, 10)}`
  const versions = list(there.map(({ release }) => versionOf(release)))
  return `${version ?? "the release that its title names"} is not live or failing in ${place}: ${versions} is`
}

/** Several are left: by what they can be told apart. */
function ambiguous(spots: readonly Spot[]): string {
  const has = (of: (spot: Spot) => string) => [...new Set(spots.map(of))]
  const environments = has(({ environment }) => environment.name)
  const components = has(({ environment }) => environment.component ?? "")
  const say = (what: string, names: readonly string[]) =>
    `it may mean ${list(names, 10)}: name one by a line such as “${what}: ${names[0]}”`
  if (environments.length > 1) return say("Environment", environments)
  if (components.length > 1) return say("Component", components)
  return say(
    "Release",
    has(({ release }) => versionOf(release)),
  )
}

/** @returns why there is no such release to go back to */
function goal(state: State, { environment, release }: Spot, name: string | undefined): { to?: string } | string {
  if (name === undefined) return {}
  const found = environment.good.findLast((good) => {
    const there = releaseOf(state, good.release)
    return good.release !== release.id && (there ? isNamed(there, name) : good.version === name)
  })
  if (!found) return `${name} was never live and well in ${placeOf(environment)} before`
  return lastKnownGood(state, environment, release.id)?.release === found.release ? {} : { to: found.release }
}
