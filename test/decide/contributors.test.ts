import { describe, expect, test } from "vitest"
import { contributorsOf, newcomersOf, rememberContributors } from "../../src/decide/contributors.ts"
import { emptyState } from "../../src/decide/learn.ts"
import type { Change, Commit, Pull } from "../../src/model/change.ts"
import type { Base, Ledger } from "../../src/model/ledger.ts"
import type { Contributors, State } from "../../src/model/state.ts"
import { commit, direct, merged, person } from "./changes.ts"

test.each([
  ["Co-authored-by: Ann <1234+ann-b@users.noreply.github.com>", ["ann-b", "lea"]],
  ["co-authored-by: Ann <ann@users.noreply.git.acme.example>", ["ann", "lea"]],
  ["Co-authored-by: Ann <ann@example.com>", ["lea"]],
  ["Co-authored-by: Bot <49699333+dependabot[bot]@users.noreply.github.com>", ["lea"]],
  ["Co-authored-by: Copilot <175728472+Copilot@users.noreply.github.com>", ["lea"]],
  ["see Co-authored-by: x <ann@users.noreply.github.com>", ["lea"]],
])("%s", (trailer, logins) => {
  expect(contributorsOf([direct(`feat: a\n\nWords.\n\n${trailer}`)])).toEqual(logins)
})

test("who pressed Merge, or brought a branch up to date, contributed nothing by it", () => {
  const own = commit("feat: a", { author: "ann" })
  const update = commit("Merge branch 'main' into a", { author: "cleo" })
  const merge = commit("Merge pull request #3 from ann/a", { author: "ben" })
  const change = merged(3, { title: "feat: a", author: person("ann") })
  expect(contributorsOf([{ ...change, commits: [own, update, merge] }])).toEqual(["ann"])
})

test("a megabyte of trailers is read in a moment", () => {
  expect(contributorsOf([direct(`a\n${"co-authored-by: ".repeat(60_000)}`)])).toEqual(["lea"])
})

describe("a first contribution", () => {
  const first = (number: number, login: string): Change => {
    const change = merged(number, { title: "feat: a", author: person(login) })
    return change.pull ? { ...change, pull: { ...change.pull, firstTime: true } } : change
  }
  const later = (number: number, login: string) => merged(number, { title: "feat: b", author: person(login) })
  const earlier = (whole: boolean, ...logins: string[]): Contributors => ({ whole, logins })

  test.each<[string, readonly Change[], Contributors | undefined, readonly string[]]>([
    ["is one that GitHub called so", [first(3, "ann"), later(4, "ben")], undefined, ["ann #3"]],
    ["is told once", [first(3, "ann"), first(4, "Ann")], undefined, ["ann #3"]],
    ["is not one, where we know better", [first(3, "Ann")], earlier(false, "ann"), []],
    ["is whoever is not in the whole history", [later(3, "ann"), later(4, "ben")], earlier(true, "ben"), ["ann #3"]],
    ["is nobody, where the history is not known", [later(3, "ann")], earlier(false), []],
    ["is never a bot's", [merged(3, { title: "a", author: person("x[bot]", "Bot") })], earlier(true), []],
  ])("%s", (_, changes, known, expected) => {
    expect(newcomersOf(changes, known).map(({ login, number }) => `${login} #${number}`)).toEqual(expected)
  })
})

describe("who contributed before", () => {
  const commits = ["ann", "ben", "cleo"].map((author) => commit("feat: a", { author }))
  const [a, b] = commits
  const state = (base: Base | null, of: readonly Commit[], before?: State): State => {
    const ledger: Ledger = {
      branch: "main",
      base,
      head: of.at(-1)?.sha ?? "",
      commits: of,
      pulls: [] as Pull[],
      heads: [],
    }
    const line = { branch: "main", config: { is: "absent" }, plan: { is: "absent" }, inForce: {}, ledger } as const
    return rememberContributors(before, { ...(before ?? emptyState), lines: { main: line } })
  }
  const at = (sha: string | undefined): Base => ({ tag: "v1.0.0", version: "1.0.0", sha: sha ?? "" })

  test("is known as a whole from the first commit on, and those of a release move over", () => {
    const before = state(null, commits)
    expect(before.contributors).toEqual({ whole: true, logins: [] })
    expect(state(at(b?.sha), commits.slice(2), before).contributors).toEqual({ whole: true, logins: ["ann", "ben"] })
  })

  test("is not known as a whole behind a tag, nor where commits went by unseen", () => {
    expect(state(at("f"), commits).contributors?.whole).toBe(false)
    const before = state(null, commits.slice(0, 1))
    expect(state(at("unseen"), commits.slice(2), before).contributors).toEqual({ whole: false, logins: ["ann"] })
  })

  test("is not known as a whole where components begin at places of their own", () => {
    const known = state(null, commits)
    const starts = { api: { base: at(a?.sha) }, web: { base: null } }
    const line = known.lines.main
    const ledger = line?.ledger
    if (!ledger) throw new Error("no ledger")
    const apart: State = { ...known, lines: { main: { ...line, ledger: { ...ledger, starts } } } }
    expect(rememberContributors(known, apart).contributors).toEqual({ whole: false, logins: [] })
    expect(rememberContributors(undefined, { ...emptyState, lines: apart.lines }).contributors?.whole).toBe(false)
  })

  test("does not change while nothing is released", () => {
    const before = state(at(a?.sha), commits.slice(1, 2))
    expect(state(at(a?.sha), commits.slice(1), before).contributors).toBe(before.contributors)
  })
})
