import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { prerelease, rcompare } from "semver"
import { afterAll, expect, test } from "vitest"
import { graphOf, rangesOf } from "../../src/cli/history/graph.ts"
import { withPrevious } from "../../src/cli/history/previous.ts"
import { versionTags } from "../../src/cli/read-clone.ts"
import { readCommits } from "../../src/cli/read-log.ts"

const folder = mkdtempSync(join(tmpdir(), "slipway-history-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const git = (directory: string, ...args: readonly string[]): string =>
  execFileSync("git", ["-C", directory, ...args], { encoding: "utf8" }).trim()

/** Always the same numbers for the same seed: a history that fails fails again. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** Branches that fork and merge, maintenance lines that go on, tags of every kind on any of them. */
function makeHistory(seed: number): string {
  const directory = join(folder, `seed-${seed}`)
  git(folder, "init", "-q", "-b", "main", directory)
  const any = numbersFrom(seed)
  const heads: number[] = []
  const input: string[] = []
  for (let mark = 1; mark <= 150; mark++) {
    const from = heads[any(heads.length)]
    const other = any(4) === 0 ? heads[any(heads.length)] : undefined
    const merge = other !== undefined && other !== from ? `merge :${other}\n` : ""
    // Clocks are not to be trusted: some commits are older than their parents.
    const at = 1_700_000_000 + mark * 60 - (any(5) === 0 ? 3_600 : 0)
    const parent = from === undefined ? "" : `from :${from}\n`
    input.push(`commit refs/heads/b\nmark :${mark}\ncommitter A <a@b> ${at} +0000\ndata 1\nx\n${parent}${merge}`)
    if (heads.length < 5 && any(6) === 0) heads.push(mark)
    else heads[heads.length === 0 ? 0 : Math.max(0, heads.indexOf(from ?? 0))] = mark
    if (any(3) > 0) continue
    const version = `${any(3)}.${any(4)}.${any(3)}${any(4) === 0 ? `-rc.${any(3)}` : ""}`
    input.push(`reset refs/tags/v${version}\nfrom :${mark}\n`)
  }
  for (const [index, mark] of heads.entries()) input.push(`reset refs/heads/line-${index}\nfrom :${mark}\n`)
  execFileSync("git", ["-C", directory, "fast-import", "--quiet", "--force"], { input: input.join("\n") })
  return directory
}

const readGraph = async (directory: string) => {
  const [tags = []] = await versionTags({ directory, shallow: false }, ["v{version}"])
  return {
    tags,
    graph: graphOf(
      await readCommits(
        directory,
        tags.map(({ sha }) => sha),
      ),
    ),
  }
}

test.each([1, 2, 3, 4])("history %i: previous releases and ranges are those that git names", async (seed) => {
  const directory = makeHistory(seed)
  const { tags, graph } = await readGraph(directory)
  const range = rangesOf(graph)
  const tagged = withPrevious(graph, tags)
  expect(tagged.length).toBe(tags.length)
  expect(tagged.length).toBeGreaterThan(10)

  for (const it of tagged) {
    const merged = git(directory, "tag", "--merged", it.tag)
      .split("\n")
      .map((tag) => tag.slice(1))
    const lower = merged.filter((version) => rcompare(version, it.version) > 0).sort(rcompare)
    const stable = lower.filter((version) => prerelease(version) === null)
    const before = (prerelease(it.version) ? lower : stable)[0]
    expect({ of: it.tag, before: it.previous?.version, stable: it.stable?.version }).toEqual({
      of: it.tag,
      before,
      stable: stable[0],
    })
    const since = it.previous ? graph.numberOf.get(it.previous.sha) : undefined
    const found = range(it.number, since ?? null).map((number) => graph.commits[number]?.sha)
    const wanted = git(directory, "rev-list", it.tag, ...(before ? [`^v${before}`] : []))
    expect([...found].sort()).toEqual(wanted === "" ? [] : wanted.split("\n").sort())
  }
})

test("parents have lower numbers than their children, whatever the clocks say", async () => {
  const { graph } = await readGraph(makeHistory(5))
  for (const [number, parents] of graph.parents.entries())
    for (const parent of parents) expect(parent).toBeLessThan(number)
})

/** How many commits a range had to look at shows in how often it asks for their parents. */
test("ranges of a long line cost their own size, not that of the history", () => {
  const count = 5_000
  const commits = Array.from({ length: count }, (_, index) => ({
    sha: `c${index}`,
    parents: index === 0 ? [] : [`c${index - 1}`],
    message: "",
    authorName: "",
    at: "",
    landing: "",
  }))
  const graph = graphOf(commits.toReversed())
  let asked = 0
  const parents = new Proxy(graph.parents, {
    get(target, key, receiver) {
      if (typeof key === "string" && /^\d+$/.test(key)) asked += 1
      return Reflect.get(target, key, receiver)
    },
  })
  const range = rangesOf({ ...graph, parents })
  for (let end = 10; end < count; end += 10) expect(range(end, end - 10)).toHaveLength(10)
  expect(asked).toBeLessThan(2.5 * count)
})
