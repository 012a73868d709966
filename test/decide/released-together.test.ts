import { expect, test } from "vitest"
import { startComponentFrom } from "../../src/model/component-ledger.ts"
import { drafts, filesOf, land, out, type Part, partsWorld, press, tagOf } from "./support/parts.ts"
import type { World } from "./support/world.ts"

/** Linked components, and those that depend on others: which versions are drafted, and why. */
type Step = (w: World) => World
const change =
  (message: string, ...parts: readonly Part[]): Step =>
  (w) =>
    land(w, message, ...parts)
const release =
  (part: Part): Step =>
  (w) =>
    out(w, part)

const fold = (w: World, steps: readonly Step[]): World => steps.reduce((at, step) => step(at), w)

test.each<[string, readonly Step[], { readonly [part: string]: string }]>([
  ["a change outside", [change("feat: a")], {}],
  [
    "one that is touched",
    [change("fix: a", "api")],
    { api: "1.0.1: fix: a", web: "1.0.1: keeps one version with api" },
  ],
  [
    "both that are touched: the strongest counts for both",
    [change("feat: a", "api"), change("fix: b", "web")],
    { api: "1.1.0: feat: a", web: "1.1.0: keeps one version with api" },
  ],
  ["a change of both", [change("feat: a", "api", "web")], { api: "1.1.0: feat: a", web: "1.1.0: feat: a" }],
  [
    "the one that stays behind",
    [change("feat: a", "api"), release("api")],
    { web: "1.1.0: keeps one version with api" },
  ],
  ["both out", [change("feat: a", "api"), release("api"), release("web")], {}],
  [
    "the one that stays behind and is touched",
    [change("feat: a", "api"), release("api"), change("fix: b", "web")],
    { api: "1.1.1: keeps one version with web", web: "1.1.1: fix: b" },
  ],
  [
    "the one that stays behind while the other goes on: it catches up at once",
    [change("feat: a", "api"), release("api"), change("fix: b", "api"), release("api")],
    { web: "1.1.1: keeps one version with api" },
  ],
  [
    "the one whose turn came later, with what was in the other's version already",
    [change("feat: a", "api"), change("feat: b", "web"), release("api")],
    { web: "1.1.0: keeps one version with api" },
  ],
  [
    "a candidate of the one, and what landed since",
    [change("feat: a", "api"), (w) => press(w, "approve", "api"), change("fix: b", "api")],
    { api: "1.1.1: fix: b", web: "1.1.1: keeps one version with api" },
  ],
])("linked: %s", (_, steps, expected) => {
  expect(drafts(fold(partsWorld(), steps))).toEqual(expected)
})

test("linked: those that were apart come to the highest of them", () => {
  const apart = () => partsWorld({ api: "1.4.0", web: "2.1.0" })
  expect(drafts(land(apart(), "docs: a", "core"))).toEqual({ api: "2.1.0: keeps one version with web" })
  expect(drafts(land(apart(), "fix: a", "api"))).toEqual({
    api: "2.1.1: fix: a",
    web: "2.1.1: keeps one version with api",
  })
})

test.each<[string, readonly Step[], { readonly [part: string]: string }]>([
  ["waits until what it needs is out", [change("feat!: a", "core")], { core: "2.0.0: feat!: a" }],
  [
    "gets a patch, whatever that was",
    [change("feat!: a", "core"), release("core")],
    { shop: "1.0.1: depends on core 2.0.0" },
  ],
  [
    "gets one patch for two releases of it",
    [change("feat: a", "core"), release("core"), change("fix: b", "core"), release("core")],
    { shop: "1.0.1: depends on core 1.1.1" },
  ],
  [
    "gets none again when it is out itself",
    [change("fix: a", "core"), release("core"), release("shop"), release("site")],
    {},
  ],
  [
    "brings its own dependants one when it is out",
    [change("fix: a", "core"), release("core"), release("shop")],
    { site: "1.0.1: depends on shop 1.0.1" },
  ],
  [
    "is sized by its own change where that asks for more",
    [change("fix: a", "core"), release("core"), change("feat: b", "shop")],
    { shop: "1.1.0: feat: b" },
  ],
  [
    "gets none for what came out on the commit that it was released from",
    [change("feat: a", "core", "shop"), release("core"), release("shop")],
    { site: "1.0.1: depends on shop 1.1.0" },
  ],
  [
    "gets one where it was released from an earlier commit",
    [change("feat: a", "shop"), change("feat: b", "core"), release("core"), release("shop")],
    { site: "1.0.1: depends on shop 1.1.0" },
  ],
])("a dependant %s", (_, steps, expected) => {
  expect(drafts(fold(partsWorld(), steps))).toEqual(expected)
})

test("a dependant's notes say what it goes with even where its own change sizes it", () => {
  const w = fold(partsWorld(), [change("fix: a", "core"), release("core"), change("feat: b", "shop")])
  const shop = w.known.releases.find(({ component }) => component === "shop")
  const { sections } = w.draft(shop?.id ?? "").notes
  expect(sections.flatMap(({ entries }) => entries.map(({ text }) => text))).toEqual(["b", "depends on core 1.0.1"])
})

/** A release by a pull request of Slipway's own: it stands on the commit of that, which is always a new one. */
function releasedByPull(w: World, part: Part, version: string): World {
  const from = `slipway/release/main--${part}`
  w.merge(200 + w.truth.commits.length, `chore(release): ${part} ${version}`, { files: filesOf([part]), from }).run()
  const line = w.known.lines.main
  if (!line?.ledger) throw new Error("nothing is known of main")
  const base = { tag: tagOf(part, version), version, sha: w.truth.head }
  w.truth.tags.set(base.tag, base)
  const ledger = startComponentFrom(line.ledger, part, base)
  if (!ledger) throw new Error(`${base.sha} is not on main`)
  w.state = { ...w.known, lines: { ...w.known.lines, main: { ...line, ledger } } }
  return w.run()
}

test("components that need each other bring each other one patch, and then come to rest", () => {
  const w = partsWorld({}, {}, { core: ["shop"], shop: ["core"], site: ["shop"] })
  releasedByPull(land(w, "feat: a", "core"), "core", "1.1.0")
  expect(drafts(w)).toEqual({ shop: "1.0.1: depends on core 1.1.0" })
  releasedByPull(w, "shop", "1.0.1")
  expect(drafts(w)).toEqual({ site: "1.0.1: depends on shop 1.0.1" })
  releasedByPull(land(w, "fix: b", "shop"), "shop", "1.0.2")
  expect(drafts(w)).toEqual({ core: "1.1.1: depends on shop 1.0.2", site: "1.0.1: depends on shop 1.0.2" })
  releasedByPull(w, "core", "1.1.1")
  expect(drafts(w)).toEqual({ site: "1.0.1: depends on shop 1.0.2" })
})

test("one that needs what it keeps one version with gets no patch for it, whichever comes out first", () => {
  const w = partsWorld({}, { linked: ["core", "shop"] })
  releasedByPull(land(w, "feat: a", "core"), "shop", "1.1.0")
  expect(drafts(w)).toMatchObject({ core: "1.1.0: keeps one version with shop" })
  releasedByPull(w, "core", "1.1.0")
  expect(drafts(w)).toEqual({ site: "1.0.1: depends on shop 1.1.0" })
})

test("a circle of one that is needed and one that keeps its version comes to rest too", () => {
  const w = partsWorld({}, { linked: ["shop", "site"] }, { core: ["shop"], site: ["core"] })
  releasedByPull(land(w, "feat: a", "core"), "core", "1.1.0")
  expect(drafts(w)).toEqual({ shop: "1.0.1: keeps one version with site", site: "1.0.1: depends on core 1.1.0" })
  releasedByPull(releasedByPull(w, "site", "1.0.1"), "shop", "1.0.1")
  expect(drafts(w)).toEqual({})
})
