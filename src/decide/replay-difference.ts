import { compare, gt, inc, major, parse, prerelease } from "semver"
import type { Change, Commit } from "../model/change.ts"
import type { Config } from "../model/config.ts"
import type { Bump } from "../model/version.ts"
import { firstLine, strength } from "./classify.ts"
import { hinted, isUndoing, marked, statedIn } from "./marks.ts"

/** A release of the past, and what Slipway would have made of the same changes. */
export interface Replayed {
  /** The stable release before it: the highest lower version among the tags that are its ancestors. */
  readonly previous: string
  readonly released: string
  /** Without the commit that a tool made for the release. */
  readonly changes: readonly Change[]
  readonly config: Config
  /** What Slipway releases under a configuration; null: nothing. */
  readonly answer: (config: Config) => string | null
}

export interface Difference {
  readonly category: Category
  /** What in the data shows it. */
  readonly because: string
}

/**
 * Why people can have released another version than Slipway would have, though both read the same changes. The list is
 * closed: what no rule explains is Slipway's fault. Each rule looks only at versions, tags and messages, and each can
 * fail; what a message says is read a second time, apart from the reading that made the answer (marks.ts).
 */
export const CATEGORIES = {
  "other-policy": "nothing asked for a release; `version.other: patch` gives the version that was released",
  "zero-policy": "below 1.0.0, where another `version.zero` gives the version that was released",
  "prerelease-number": "the same version and channel, counted another way",
  "no-change": "the range holds no change, only the commit made for the release",
  graduation: "from 0.x to 1.0.0, which people declare; no commit says so",
  "steps-over": "no single step makes it: numbers in between were never released, or stand on another line",
  "stated-lower": "a `Release-As` footer states less than the changes ask for",
  "stated-elsewhere": "a `Release-As` footer states another version than the one released",
  "lower-than-marked": "less than a commit of the range asks for in plain words of the convention",
  "higher-than-marked": "more than any commit of the range asks for, in whatever wording",
} as const

export type Category = keyof typeof CATEGORIES

type Rule = (replayed: Replayed, answer: string | null) => string | null

/** The first rule that holds explains; the surest ones stand first. */
const RULES: { readonly [category in Exclude<Category, "prerelease-number">]: Rule } = {
  "no-change": ({ changes }, answer) =>
    changes.length === 0 && answer === null ? "there is nothing to release" : null,
  "other-policy": otherPolicy,
  "zero-policy": zeroPolicy,
  graduation: ({ previous, released, changes }) =>
    major(previous) === 0 && released === "1.0.0" && !texts(changes).some((text) => hinted(text) === "stated")
      ? "no commit states it"
      : null,
  "steps-over": stepsOver,
  "stated-lower": ({ released, changes }, answer) =>
    answer !== null && gt(answer, released) && stated(changes).includes(released)
      ? `a footer states ${released}, the changes ask for ${answer}`
      : null,
  "stated-elsewhere": ({ released, changes }) => {
    const others = stated(changes)
    return others.length > 0 && !others.includes(released) ? `a footer states ${others.join(", ")}` : null
  },
  "lower-than-marked": lowerThanMarked,
  "higher-than-marked": higherThanMarked,
}

/**
 * Explains why an answer differs from what was released. Null: they agree, or nothing explains it.
 * @throws where `previous` or `released` is no SemVer
 */
export function explainDifference(replayed: Replayed): Difference | null {
  const answer = replayed.answer(replayed.config)
  if (answer === replayed.released) return null
  if (prerelease(replayed.released)) return explainPrerelease(replayed, answer)
  for (const [category, rule] of Object.entries(RULES) as [keyof typeof RULES, Rule][]) {
    const because = rule(replayed, answer)
    if (because !== null) return { category, because }
  }
  return null
}

/** Which version a prerelease leads to is explained as for that version; its number is its own. */
function explainPrerelease(replayed: Replayed, answer: string | null): Difference | null {
  const released = coreOf(replayed.released)
  if (answer !== null && coreOf(answer) === released)
    return { category: "prerelease-number", because: `${answer} would be the next of this channel` }
  const cores = (config: Config): string | null => {
    const given = replayed.answer(config)
    return given === null ? null : coreOf(given)
  }
  return explainDifference({ ...replayed, released, answer: cores })
}

const coreOf = (version: string): string => version.split(/[-+]/, 1)[0] ?? version

function otherPolicy({ config, answer: ask, released }: Replayed, answer: string | null): string | null {
  if (answer !== null || config.version.other !== "none") return null
  return ask(under(config, { other: "patch" })) === released ? "`version.other: patch` releases it" : null
}

function zeroPolicy({ config, answer: ask, previous, released }: Replayed): string | null {
  if (major(previous) > 0) return null
  const zero = (["minor", "major", "shift"] as const).find(
    (zero) => zero !== config.version.zero && ask(under(config, { zero })) === released,
  )
  return zero === undefined ? null : `\`version.zero: ${zero}\` releases it`
}

const under = (config: Config, part: Partial<Config["version"]>): Config => ({
  ...config,
  version: { ...config.version, ...part },
})

const texts = (changes: readonly Change[]): readonly string[] =>
  changes.flatMap(({ commits, pull }) => [...(pull ? [pull.title] : []), ...commits.map(({ message }) => message)])

const stated = (changes: readonly Change[]): readonly string[] => texts(changes).flatMap(statedIn)

const STEPS: readonly Bump[] = ["major", "minor", "patch"]

const oneStep = (previous: string): readonly string[] => STEPS.map((step) => inc(previous, step) ?? "")

/** Only where both move the same part: how far is all they differ in. */
function stepsOver({ previous, released, changes }: Replayed, answer: string | null): string | null {
  const steps = oneStep(previous)
  if (steps.includes(released) || texts(changes).some((text) => hinted(text) === "stated")) return null
  if (answer !== null && stepOf(previous, answer) !== stepOf(previous, released)) return null
  return `one step from ${previous} makes ${steps.join(", ")}`
}

/** Which part changed first; null where nothing moved up. */
function stepOf(previous: string, released: string): Bump | null {
  const [from, to] = [parse(previous), parse(released)]
  if (!from || !to || compare(from, to) >= 0) return null
  if (from.major !== to.major) return "major"
  return from.minor !== to.minor ? "minor" : "patch"
}

/** Below 1.0.0 SemVer promises nothing, so what a mark asks for there is up to the policy. */
function inForce(mark: Bump | null, { previous, config }: Replayed): Bump | null {
  if (mark === null || major(previous) > 0 || config.version.zero === "major") return mark
  if (mark === "major") return "minor"
  return config.version.zero === "shift" ? "patch" : mark
}

/** Only where the answer is just what the mark asks for, and nothing in the range names the marked commit to undo it. */
function lowerThanMarked(replayed: Replayed, answer: string | null): string | null {
  const { previous, released, changes } = replayed
  if (answer === null) return null
  const [ours, theirs] = [stepOf(previous, answer), stepOf(previous, released)]
  if (strength(ours) <= strength(theirs)) return null
  const commits = changes.flatMap((change) => change.commits)
  const undoing = commits.filter(({ message }) => isUndoing(message))
  const stands = ({ sha, message }: Commit) =>
    !undoing.some(
      (it) => it.sha !== sha && (it.message.includes(sha.slice(0, 7)) || it.message.includes(firstLine(message))),
    )
  const witness = commits.find((commit) => inForce(marked(commit.message), replayed) === ours && stands(commit))
  return witness === undefined ? null : `the range holds “${firstLine(witness.message).slice(0, 80)}”`
}

/** Only where no message, however it is worded, could have meant as much, and the answer is no more than was released. */
function higherThanMarked(replayed: Replayed, answer: string | null): string | null {
  const { previous, released, changes } = replayed
  const theirs = stepOf(previous, released)
  if (answer !== null && strength(stepOf(previous, answer)) >= strength(theirs)) return null
  const all = texts(changes)
  const could = all.some((text) => {
    const hint = hinted(text)
    return hint === "stated" || strength(inForce(hint, replayed)) >= strength(theirs)
  })
  return could || theirs === null ? null : `none of ${all.length} messages asks for a ${theirs} version`
}
