import { compareBuild, parse } from "semver"
import { type Difference, explainDifference } from "../../decide/replay-difference.ts"
import { nextVersion } from "../../decide/version.ts"
import { voicesOf } from "../../decide/voices.ts"
import type { Change } from "../../model/change.ts"
import type { Config } from "../../model/config.ts"
import type { History, PastRelease } from "./past-releases.ts"

/** A release of the past beside what Slipway would have released. */
export interface Replayed {
  readonly release: PastRelease
  /** The version that it would have been; null: no release. */
  readonly answer: string | null
  readonly verdict: Verdict
}

export type Verdict =
  | { readonly is: "agrees" }
  /** There is no release before it, so that anything may be its version. */
  | { readonly is: "first" }
  | ({ readonly is: "differs" } & Difference)
  /** No rule explains it: Slipway's fault. */
  | { readonly is: "unexplained" }

/** A history under a configuration, newest first. Each release is judged by what its own branch had before it. */
export function replay({ releases }: Pick<History, "releases">, config: Config): readonly Replayed[] {
  const out = new Map(releases.map((release) => [release.version, release]))
  return releases.map((release) => {
    const before = (version: string) => {
      const other = out.get(version)
      return other !== undefined && isBefore(other, release)
    }
    return judge(release, config, before)
  })
}

/** By instants, which bear the time zones of those who committed; of the same second the lower version came first. */
const isBefore = (a: PastRelease, b: PastRelease): boolean =>
  Date.parse(a.at) - Date.parse(b.at) < 0 || (a.at === b.at && compareBuild(a.version, b.version) < 0)

function judge(release: PastRelease, config: Config, taken: (version: string) => boolean): Replayed {
  const { stable, version: released } = release
  const changes = withoutRelease(release.since(stable), release)
  const ask = (under: Config) => answerTo(release, changes, under, taken)
  const answer = ask(config)
  if (stable === null) return { release, answer, verdict: { is: "first" } }
  if (answer === released) return { release, answer, verdict: { is: "agrees" } }
  const explained = explainDifference({ previous: stable.version, released, changes, config, answer: ask })
  return { release, answer, verdict: explained ? { is: "differs", ...explained } : { is: "unexplained" } }
}

/** The channel of a prerelease is a branch's, which tags do not tell: it is taken as given. */
function answerTo(
  { version: released, stable }: PastRelease,
  changes: readonly Change[],
  config: Config,
  taken: (version: string) => boolean,
): string | null {
  const { next } = nextVersion({ changes, current: stable?.version ?? null, config, taken })
  const [channel] = parse(released)?.prerelease ?? []
  if (next === null || channel === undefined) return next
  const numbered = (number: number) => `${next}-${channel}.${number}`
  let number = 1
  while (taken(numbered(number))) number += 1
  return numbered(number)
}

/**
 * Without the commit that a tool made for the release: the tagged one, where its first line names the version and it
 * asks for nothing. It did not exist before the release.
 */
function withoutRelease(changes: readonly Change[], { sha, version }: PastRelease): readonly Change[] {
  const last = changes.at(-1)
  if (last?.sha !== sha) return changes
  const voices = voicesOf(last, ["commits", "titles"])
  const names = voices.some(({ subject }) => subject.includes(version))
  return names && voices.every(({ said }) => said.asks === null) ? changes.slice(0, -1) : changes
}

/** How many of the stable releases agree; a first one is not counted. */
export interface Share {
  readonly agreed: number
  readonly of: number
}

export function shareOf(replayed: readonly Replayed[], prereleases: boolean): Share {
  const counted = replayed.filter(
    ({ release, verdict }) => release.prerelease === prereleases && verdict.is !== "first",
  )
  return { agreed: counted.filter(({ verdict }) => verdict.is === "agrees").length, of: counted.length }
}

const ZERO = ["minor", "major", "shift"] as const
const OTHER = ["none", "patch"] as const

/** The policy of `version.zero` and `version.other` that agrees more often than this one; null: none does. */
export function betterPolicy(
  histories: readonly Pick<History, "releases">[],
  config: Config,
): { readonly version: Partial<Config["version"]>; readonly share: Share } | null {
  const under = (part: Partial<Config["version"]>): Share => {
    const changed = { ...config, version: { ...config.version, ...part } }
    return shareOf(
      histories.flatMap((history) => replay(history, changed)),
      false,
    )
  }
  const now = under({}).agreed
  const tried = ZERO.flatMap((zero) =>
    OTHER.map((other) => ({ version: { zero, other }, share: under({ zero, other }) })),
  )
  const best = tried.sort((a, b) => b.share.agreed - a.share.agreed)[0]
  return best && best.share.agreed > now ? best : null
}
