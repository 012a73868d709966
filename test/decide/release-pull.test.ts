import { expect, test } from "vitest"
import type { OwnPull } from "../../src/model/effect.ts"
import { config, sha } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const MODE = config({ publish: { mode: "pull-request", changelog: "CHANGELOG.md" } })
const OURS = { author: "slipway[bot]", type: "Bot", from: "slipway/release/main" } as const

/** Ann's feature, drafted, with its pull request #101. */
const drafted = (prepare: (w: World) => void = () => undefined) =>
  world((w) => {
    w.truth.config = MODE
    prepare(w)
  })
    .merge(12, "feat: pay by invoice")
    .run()

const written = (w: World): readonly OwnPull[] =>
  w.applied.flatMap((e) => (e.kind === "pull-request" ? [e.content] : []))
const pullOf = (w: World, id = "1") => {
  const { pull } = w.release(id)
  if (!pull) throw new Error("it has no pull request")
  return pull
}
const mergeRelease = (w: World, tree: string | undefined) => {
  const signals = w.truth.merge(101, "chore(release): 1.1.0", OURS)
  if (tree !== undefined) w.trees.set(w.truth.head, tree)
  return w.hear(...signals).run()
}

test("its page waits on the head of its pull request, and on the branch there is none", () => {
  const w = drafted()
  expect(w.readiness()).toMatchObject({ sha: pullOf(w).sha, conclusion: "action_required" })
  expect(w.gate("pull request")).toMatchObject({ state: "passed" })
  expect(w.applied.filter((e) => e.kind === "check" && e.content.sha === w.truth.head)).toEqual([])
})

test("a release that cannot have its pull request says so on the branch", () => {
  const w = drafted((it) =>
    it.refusing.set("pull-request", { is: "refused", code: "invalid", because: "package.json: 1" }),
  )
  expect(w.readiness()).toMatchObject({ sha: w.truth.head, conclusion: "neutral" })
  expect(w.gate("pull request")).toMatchObject({ state: "failed", because: expect.stringContaining("package.json") })
  w.click("approve", "ben").run()
  expect(w.release().phase.is).toBe("drafted")
  expect(w.answer().because).toContain("not written yet")
})

test("the first Approve pins what was on the page, though a merge has begun to rewrite it", () => {
  const w = drafted()
  const [page, seen] = [w.readiness(), pullOf(w)]
  w.merge(13, "fix: rounding").decide().click("approve", "ben", page).run()
  expect(w.release("1").phase).toMatchObject({ candidate: { sha: seen.sha, base: seen.on, tree: seen.tree } })
  expect(written(w).at(-1)?.commit).toEqual({ is: "pinned", sha: seen.sha })
  expect(w.release("2")).toMatchObject({ phase: { is: "drafted" }, tag: "v1.1.1" })
  expect(w.release("2").pull).toBeUndefined()
  expect(w.gate("pull request", "2").because).toContain("follows when #101 for v1.1.0 is merged")
})

test("merged with the approved tree, it is published at the merge commit without another button", () => {
  const w = drafted().click("approve", "ben").run()
  expect(w.readiness()).toMatchObject({ conclusion: "success" })
  expect(w.readiness().buttons.map((b) => b.identifier)).toEqual(["approve", "hold", "recut"])
  mergeRelease(w, pullOf(w).tree)
  expect(w.release("1").phase).toMatchObject({ is: "published", candidate: { sha: w.truth.head } })
  expect(w.truth.tags.get("v1.1.0")?.sha).toBe(w.truth.head)
  expect(w.known.releases).toHaveLength(1)
})

test("the page of what was published shows what each approval counted for", () => {
  const w = drafted().click("approve", "ben").run()
  const { sha: approved, tree } = pullOf(w)
  const counted = { by: "ben", sha: approved, counts: true }
  expect(w.page().approvals).toEqual([
    expect.objectContaining({ ...counted, because: "covers 1 change (write permission)" }),
  ])
  mergeRelease(w, tree)
  // The second one is the release pull request itself.
  const because = `covers 2 changes (write permission): ${w.truth.head.slice(0, 7)} has the same tree; 1 h after it was asked for`
  expect(w.check(`check:readiness:${w.truth.head}`)?.page).toMatchObject({
    phase: "published",
    approvals: [{ ...counted, because }],
  })
})

test.each([
  ["another tree", sha(9)],
  ["a tree that is not known", undefined],
])("merged with %s, the approvals are void and it waits on the merge commit", (_, tree) => {
  const w = drafted().click("approve", "ben").run()
  mergeRelease(w, tree)
  expect(w.release("1").phase).toMatchObject({ is: "cut", candidate: { sha: w.truth.head } })
  expect(w.gate("approvals").state).toBe("pending")
  expect(w.page().approvals).toMatchObject([{ by: "ben", counts: false }])
  expect(w.truth.tags.has("v1.1.0")).toBe(false)
  w.click("approve", "ben").run()
  expect(w.release("1").phase).toMatchObject({ is: "published", candidate: { sha: w.truth.head } })
})

test("merged though nobody approved, it is cut by the merge and waits", () => {
  const w = drafted()
  mergeRelease(w, pullOf(w).tree)
  expect(w.release("1").phase).toMatchObject({ is: "cut", candidate: { by: "the merge of #101" } })
  expect(w.gate("approvals").state).toBe("pending")
  expect(w.truth.tags.has("v1.1.0")).toBe(false)
})

test("what was merged before it and asks for more than it brought is said", () => {
  const w = drafted().click("approve", "ben").run().merge(13, "feat!: another world", { author: "ann" }).run()
  mergeRelease(w, sha(9))
  expect(w.gate("pull request")).toMatchObject({
    state: "failed",
    because: expect.stringContaining("brought 1.1.0, but the changes that were merged before it ask for 2.0.0"),
  })
  w.click("recut", "ben").run()
  expect(w.release("1")).toMatchObject({ phase: { is: "drafted" }, tag: "v2.0.0", pull: { version: "2.0.0" } })
})

test.each([
  ["commits that others pushed to its branch", "strayed", "which Slipway did not make"],
  ["a pull request that somebody closed", "closed", "closed without a merge"],
])("%s block it", (_, how, because) => {
  const w = drafted().click("approve", "ben").run()
  const { sha: before } = pullOf(w)
  const advance = { before, after: sha(77), forced: false, complete: true, commits: [] }
  const moved = { kind: "moved" as const, branch: "slipway/release/main", advance, files: [], deleted: false }
  w.hear(how === "closed" ? { kind: "issue", number: 101, state: "not merged" } : moved).run()
  expect(w.gate("pull request")).toMatchObject({ state: "failed", because: expect.stringContaining(because) })
  expect(w.readiness().conclusion).toBe("failure")
  const back = { ...moved, advance: { ...advance, before: sha(77), after: before } }
  w.hear(how === "closed" ? { kind: "issue", number: 101, state: "open" } : back).run()
  expect(w.readiness().conclusion).toBe("success")
})

test("Re-cut lets go of the candidate: the pull request is made anew, and approvals are void", () => {
  const w = drafted().click("approve", "ben").run().merge(13, "fix: rounding").run()
  const before = pullOf(w)
  w.click("recut", "cleo").run()
  expect(w.known.releases).toHaveLength(1)
  expect(pullOf(w)).toMatchObject({ number: 101, on: w.truth.head })
  expect(pullOf(w).sha).not.toBe(before.sha)
  expect(w.gate("approvals").state).toBe("pending")
})

test("Publish does nothing before the merge", () => {
  const w = drafted().click("approve", "ben").run()
  w.click("publish", "ann").run()
  expect(w.answer().because).toContain("#101 is not merged yet")
  expect(w.truth.tags.has("v1.1.0")).toBe(false)
})

test("a pull request of another number is not the release's, whatever its branch is called", () => {
  const w = drafted().click("approve", "ben").run()
  w.hear(...w.truth.merge(44, "chore(release): 1.1.0", OURS)).run()
  expect(w.release("1").phase).toMatchObject({ candidate: { base: expect.any(String) } })
  expect(w.truth.tags.has("v1.1.0")).toBe(false)
})

test("when nothing is left to release its pull request is closed", () => {
  const w = drafted()
  w.push(`Revert "feat: pay by invoice"\n\nThis reverts commit ${w.truth.head}.`).run()
  expect(w.known.releases).toEqual([])
  expect(written(w).at(-1)?.commit).toEqual({ is: "withdrawn", number: 101 })
})
