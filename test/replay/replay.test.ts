import { inc, major } from "semver"
import { expect, test } from "vitest"
import { nextVersion } from "../../src/decide/version.ts"
import { type Config, DEFAULT_CONFIG } from "../../src/model/config.ts"
import { type Baselines, changesOf, measured, parseBaselines, type Release, readCorpus } from "./corpus.ts"

/*
 * Agreement with the versions that real repositories really released.
 *
 * What is fair: the baselines are tools as published. They differ from Slipway's defaults in two things that are
 * policy, not reading, so each is compared under its own policy as well:
 * - below 1.0.0 they let a breaking change make 1.0.0 (`zero: major`); Slipway's default is a minor.
 * - conventional-recommended-bump is given that a release happened, so it bumps the patch where nothing asks for one,
 *   even where there is no change at all. "given" does the same here; commit-analyzer is compared without.
 * With Slipway's defaults, a step from 0.x to 1.0.0 is a decision of people (a plan's `version` states it) and not in
 * the commits: a release that was such a step is counted apart.
 */

type Policy = Partial<Config["version"]>

const predicted = ({ prevVersion, ...release }: Release, policy: Policy): string | null =>
  nextVersion({
    changes: changesOf({ prevVersion, ...release }),
    current: prevVersion,
    config: { ...DEFAULT_CONFIG, version: { ...DEFAULT_CONFIG.version, ...policy } },
  }).next

const asGiven = (release: Release, policy: Policy): string | null =>
  predicted(release, { ...policy, other: "patch" }) ?? inc(release.prevVersion, "patch")

const agreed = (releases: readonly Release[], predict: (release: Release) => string | null): number =>
  releases.filter((release) => predict(release) === release.nextVersion).length

const graduated = ({ prevVersion, nextVersion: next }: Release): boolean =>
  major(prevVersion) === 0 && major(next) === 1

function figuresOf(releases: readonly Release[]) {
  const missed = releases.filter((release) => graduated(release) && asGiven(release, {}) !== release.nextVersion)
  return {
    defaults: agreed(releases, (release) => predicted(release, {})),
    given: agreed(releases, (release) => asGiven(release, {})),
    graduations: missed.length,
    likeRecommendedBump: agreed(releases, (release) => asGiven(release, { zero: "major" })),
    likeCommitAnalyzer: agreed(releases, (release) => predicted(release, { zero: "major" })),
  }
}

const corpus = readCorpus()

if (corpus) {
  const { histories, baselines } = corpus
  const rows = histories.map((history): Row => {
    const releases = measured(history)
    return {
      repo: history.repo,
      releases: releases.length,
      ours: figuresOf(releases),
      theirs: baselines.get(history.repo),
    }
  })

  test("the corpus is whole: every history has its baselines, on the same releases", () => {
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.map(({ repo, releases }) => [repo, releases])).toEqual(
      rows.map(({ repo, theirs }) => [repo, theirs?.releases]),
    )
  })

  test.each(rows)("$repo: at least as good as the baselines", ({ ours, theirs }) => {
    expect(ours.likeRecommendedBump).toBeGreaterThanOrEqual(theirs?.recommendedBump.conventional ?? Number.NaN)
    expect(ours.likeCommitAnalyzer).toBeGreaterThanOrEqual(theirs?.commitAnalyzer.conventional ?? Number.NaN)
    const best = Math.max(...[theirs?.recommendedBump, theirs?.commitAnalyzer].flatMap((it) => Object.values(it ?? {})))
    expect(ours.given + ours.graduations).toBeGreaterThanOrEqual(best)
  })

  test("over all repositories, better than each of them", () => {
    const sum = (figure: (row: Row) => number) => rows.reduce((total, row) => total + figure(row), 0)
    const best = Math.max(
      sum(({ theirs }) => theirs?.recommendedBump.angular ?? 0),
      sum(({ theirs }) => theirs?.recommendedBump.conventional ?? 0),
      sum(({ theirs }) => theirs?.commitAnalyzer.angular ?? 0),
      sum(({ theirs }) => theirs?.commitAnalyzer.conventional ?? 0),
    )
    expect(sum(({ ours }) => ours.given)).toBeGreaterThan(best)
    report(rows)
  })
}

interface Row {
  readonly repo: string
  readonly releases: number
  readonly ours: ReturnType<typeof figuresOf>
  readonly theirs: Baselines | undefined
}

function report(rows: readonly Row[]): void {
  const table = rows.map(({ repo, releases, ours, theirs }) => ({
    repository: repo,
    releases,
    slipway: ours.defaults,
    "slipway, other: patch": ours.given,
    "slipway, zero: major": ours.likeRecommendedBump,
    "recommended-bump cc": theirs?.recommendedBump.conventional,
    "commit-analyzer cc": theirs?.commitAnalyzer.conventional,
  }))
  console.table(table)
}

test("the baselines are read from the table as it stands", () => {
  const readme =
    "| repository | n |\n|---|---|\n| a/b.js | 51 | 50 (98%) | 49 (96%) | 48 (94%) | 47 (92%) | 1 (2%) | 51 |\n"
  expect(parseBaselines(readme)).toEqual(
    new Map([
      [
        "a/b.js",
        {
          releases: 51,
          recommendedBump: { angular: 50, conventional: 49 },
          commitAnalyzer: { angular: 48, conventional: 47 },
        },
      ],
    ]),
  )
})

test("a release is replayed oldest first, without the commit that the tool made", () => {
  const commits = [
    { sha: "c", subject: "chore(release): 1.1.0", date: "", releaseCommit: true },
    { sha: "b", subject: 'Revert "feat: a"', body: "This reverts commit aaaaaaa.", date: "" },
    { sha: "aaaaaaa", subject: "feat: a", date: "" },
  ]
  const release = { prevVersion: "1.0.0", nextVersion: "1.1.0", prerelease: false, date: "", commits }
  expect(changesOf(release).map(({ sha }) => sha)).toEqual(["aaaaaaa", "b"])
  expect(predicted(release, {})).toBeNull()
  expect(asGiven(release, {})).toBe("1.0.1")
})
