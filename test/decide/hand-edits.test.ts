import { expect, test } from "vitest"
import { renderDraftBody } from "../../src/render/draft-body.ts"
import { type World, world } from "./support/world.ts"

const bodyOf = (w: World) => renderDraftBody(w.draft("1"))

/** A person (or we ourselves) saved the draft with this body. */
const save = (w: World, body: string, by = "ann") =>
  w
    .hear({
      kind: "release-edited",
      action: "edited",
      releaseId: w.handles["draft:1"]?.id ?? "",
      tag: "v1.1.0",
      draft: true,
      body,
      by,
    })
    .run()

test("what people write above and below the notes stays, whatever is merged", () => {
  const w = world().merge(12, "feat: a").run()
  save(w, `Hello!\n\n${bodyOf(w)}\n\nThanks to all.`)
  w.merge(13, "fix: b").run().click("approve", "ben").run()
  const body = bodyOf(w)
  expect(body.startsWith("Hello!\n\n<!-- slipway:release")).toBe(true)
  expect(body.endsWith("\n\nThanks to all.")).toBe(true)
  expect(w.draft("1").notes.changes).toBe(2)
})

test("an edit inside the notes is kept, and said on the page", () => {
  const w = world().merge(12, "feat: a").run()
  const count = w.applied.length
  save(w, bodyOf(w).replace("Features", "Wonders"))
  expect(w.applied.slice(count).map((e) => e.kind)).toEqual(["draft", "check"])
  expect(w.audit.at(-1)).toMatchObject({
    what: "draft edited by hand",
    by: "ann",
    facts: { inside: { reworded: 1, added: 0, deleted: 0 } },
  })
  expect(w.page().warnings).toEqual([
    expect.stringMatching(/^The generated part of the draft was edited by hand \(1 line reworded\), and is kept so\./),
  ])
  w.merge(13, "feat: b").run()
  expect(bodyOf(w)).toMatch(/### Wonders\n\n- a \(#12\)[^\n]*\n- b \(#13\)/)
})

test("an edit inside that is deleted whole gives the notes back", () => {
  const w = world().merge(12, "feat: a").run()
  const before = bodyOf(w)
  save(w, before.replace("Features", "Wonders"))
  save(w, before.replace(/(-->\n)[\s\S]*(?=<!-- \/)/, "$1"))
  expect(bodyOf(w)).toBe(before)
  expect(w.page().warnings).toEqual([])
})

test("where the markers are gone all of it is kept above", () => {
  const w = world().merge(12, "feat: a").run()
  save(w, "My own words.")
  expect(bodyOf(w).startsWith("My own words.\n\n<!-- slipway:release")).toBe(true)
})

test("an edit that raced a write of ours is restored when its webhook comes", () => {
  const w = world().merge(12, "feat: a").run()
  const edited = `Hello!\n\n${bodyOf(w)}`
  w.merge(13, "fix: b").run()
  expect(bodyOf(w)).not.toContain("Hello!")
  save(w, edited)
  expect(bodyOf(w)).toMatch(/^Hello!/)
  expect(w.draft("1").notes.changes).toBe(2)
})

test("the echo of our own write is nobody's edit", () => {
  const w = world().merge(12, "feat: a").run()
  const count = w.applied.length
  save(w, bodyOf(w), "slipway[bot]")
  expect(w.applied).toHaveLength(count)
  expect(w.audit.some((a) => a.what === "draft edited by hand")).toBe(false)
})

test("edits after the publication stay as well", () => {
  const w = world().merge(12, "feat: a").run().click("approve", "ben").run().click("publish", "ann").run()
  const count = w.applied.length
  save(w, `Hello!\n\n${bodyOf(w)}`)
  expect(w.applied.slice(count)).toMatchObject([
    { kind: "draft", content: { published: true, hand: { above: "Hello!\n\n" } } },
  ])
})

test("a draft that a read-back found is taken over with what people wrote in it", () => {
  const lost = world().merge(12, "feat: a").run()
  const body = `Hello!\n\n${bodyOf(lost)}`
  const w = world()
  const tag = "v0.1.0"
  w.drafts = { "7": { id: "990", body, tag }, "3": { id: "980", body, tag } }
  w.truth.merge(12, "feat: a")
  w.state = undefined
  w.hear({ kind: "look", because: "the state was lost" }).run()
  expect(w.release()).toMatchObject({ id: "7", foundDraft: "990", hand: { above: "Hello!\n\n" } })
  expect(w.applied.findLast((e) => e.kind === "draft")).toMatchObject({ content: { found: "990" } })
})
