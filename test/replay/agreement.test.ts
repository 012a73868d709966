import { expect, test } from "vitest"
import { CATEGORIES, type Category, explainDifference } from "../../src/decide/replay-difference.ts"
import { nextVersion } from "../../src/decide/version.ts"
import { type Config, DEFAULT_CONFIG } from "../../src/model/config.ts"
import {
  changesOf,
  type History,
  measured,
  policyOf,
  type Release,
  readCorpus,
  takenBefore,
  withPolicy,
} from "./corpus.ts"

/*
 * The share of releases that Slipway would have released just so, and why not the others. A repository's policy is one
 * file that was written from what its tool documents, never from its versions. Every stable release of every era is
 * explained, the controls too; what the shares speak of is what the peers' baselines were measured on.
 */

/** Slipway's share has to reach it, without the controls. */
const AT_LEAST = { defaults: 0.93, policy: 0.97 }

const OTHER_PATCH = withVersion(DEFAULT_CONFIG, { other: "patch" })

function withVersion(config: Config, part: Partial<Config["version"]>): Config {
  return { ...config, version: { ...config.version, ...part } }
}

/** What Slipway is replaced by, to see whether a fault would be found. */
type Answer = (release: Release, config: Config, taken: (version: string) => boolean) => string | null

const slipway: Answer = (release, config, taken) =>
  nextVersion({ changes: changesOf(release), current: release.prevVersion, config, taken }).next

interface Judged {
  readonly history: History
  readonly release: Release
  /** null: it agrees. */
  readonly category: Category | "unexplained" | null
  readonly answer: string | null
}

function judge(history: History, release: Release, config: Config, ask: Answer): Judged {
  const taken = takenBefore(history, release)
  const answer = ask(release, config, taken)
  if (answer === release.nextVersion) return { history, release, answer, category: null }
  const explained = explainDifference({
    previous: release.prevVersion,
    released: release.nextVersion,
    changes: changesOf(release),
    config,
    answer: (config) => ask(release, config, taken),
  })
  return { history, release, answer, category: explained?.category ?? "unexplained" }
}

/** What a policy may say: its rules and lines, nothing of publishing and gates. */
const POLICY = ["version", "changes", "branches", "components"]

test.each(withPolicy())("$repo has a policy that is a valid configuration, and no more than a policy", (history) => {
  const policy: object = policyOf(history)
  const others = Object.entries(DEFAULT_CONFIG).filter(([key]) => !POLICY.includes(key))
  expect(policy).toMatchObject(Object.fromEntries(others))
})

const corpus = readCorpus()

if (corpus) {
  const { histories } = corpus
  const policies = new Map(histories.map((history) => [history, policyOf(history)]))
  const judgeAll = (configOf: (history: History) => Config, ask = slipway): readonly Judged[] =>
    histories.flatMap((history) =>
      history.releases
        .filter(({ prerelease }) => !prerelease)
        .map((release) => judge(history, release, configOf(history), ask)),
    )
  const settings = {
    "the defaults": () => DEFAULT_CONFIG,
    "other: patch": () => OTHER_PATCH,
    "each repository's policy": (history: History) => policies.get(history) ?? DEFAULT_CONFIG,
  }
  const judged = Object.entries(settings).map(([name, configOf]) => ({ name, all: judgeAll(configOf) }))

  test("with defaults and other: patch, it agrees with at least 93 %", () => {
    expect(shareOf(judged[1]?.all ?? [])).toBeGreaterThanOrEqual(AT_LEAST.defaults)
  })

  test("with each repository's own policy, it agrees with at least 97 %", () => {
    expect(shareOf(judged[2]?.all ?? [])).toBeGreaterThanOrEqual(AT_LEAST.policy)
    report(histories, judged)
  })

  test.each(judged)("with $name, no difference is left unexplained", ({ all }) => {
    const left = all.filter(({ category }) => category === "unexplained")
    expect(left.map(said)).toEqual([])
  })

  /** Were the rules a cover for everything, a Slipway that reads badly would look as good. */
  test.each([
    ["is deaf to breaking changes", /!:|BREAKING/g, "_"],
    ["is deaf to features", /^feat/gim, "chore"],
    ["takes each fix for a feature", /^fix/gim, "feat"],
    ["takes each chore for a breaking change", /^chore(\([^)]*\))?:/gim, "chore!:"],
    ["hears nothing at all", /[\s\S]+/g, "fix: a"],
  ] as const)("a Slipway that %s is found at fault", (_, pattern, instead) => {
    const policy = settings["each repository's policy"]
    const agreed = new Set(judgeAll(policy).flatMap(({ category, release }) => (category === null ? [release] : [])))
    const bad: Answer = (release, config, taken) => slipway(rewritten(release, pattern, instead), config, taken)
    const wrong = judgeAll(policy, bad).filter(({ category, release }) => category !== null && agreed.has(release))
    expect(wrong.length).toBeGreaterThan(20)
    const found = wrong.filter(({ category }) => category === "unexplained")
    expect(found.length / wrong.length).toBeGreaterThan(0.9)
  })
}

const rewritten = (release: Release, pattern: RegExp, instead: string): Release => ({
  ...release,
  commits: release.commits.map((commit) => ({
    ...commit,
    subject: commit.subject.replace(pattern, instead),
    body: commit.body?.replace(pattern, instead) ?? "",
  })),
})

/** Over the stable releases since the tool's adoption, without the controls. */
function shareOf(all: readonly Judged[]): number {
  const counted = all.filter(({ history, release }) => history.kind !== "neg" && measured(history).includes(release))
  return counted.filter(({ category }) => category === null).length / counted.length
}

const said = ({ history, release, answer }: Judged): string =>
  `${history.repo} ${release.component ?? ""} ${release.prevVersion} → ${release.nextVersion}, Slipway ${answer}`

function report(histories: readonly History[], judged: readonly { name: string; all: readonly Judged[] }[]): void {
  const agreement = histories.map((history) => {
    const releases = measured(history)
    const cells = judged.map(({ name, all }) => {
      const own = all.filter((it) => it.history === history && releases.includes(it.release))
      return [name, own.filter(({ category }) => category === null).length]
    })
    return { repository: history.repo, kind: history.kind, releases: releases.length, ...Object.fromEntries(cells) }
  })
  const shares = judged.map(({ name, all }) => [name, `${(100 * shareOf(all)).toFixed(1)} %`])
  console.table([...agreement, { repository: "without the controls", ...Object.fromEntries(shares) }])
  console.table(
    ([...Object.keys(CATEGORIES), "unexplained"] as const).map((category) => ({
      category,
      ...Object.fromEntries(judged.map(({ name, all }) => [name, all.filter((it) => it.category === category).length])),
    })),
  )
}
