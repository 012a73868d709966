import fc from "fast-check"
import { expect, test } from "vitest"
import { decide } from "../../src/decide/decide.ts"
import type { Publish } from "../../src/model/effect.ts"
import { hashOf } from "../../src/model/hash.ts"
import { endOf, type Release } from "../../src/model/release.ts"
import { config, plan, report, sha } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

/**
 * Components, release pull requests, channels and unattended releases, one after the other in the same repository, with
 * people who may write and mean no good: `World.decide` holds every decision to what is always true, and here is told
 * from the commits alone what may have come out.
 */
const API = { path: "services/api/**" }
const WEB = { path: "services/web/**" }
const CONFIGS: { readonly [name: string]: object } = {
  whole: {},
  "a pull request": { publish: { mode: "pull-request", changelog: "CHANGELOG.md" } },
  auto: { publish: { mode: "auto" } },
  components: { components: { api: API, web: WEB } },
  "one folder is somebody else's": {
    components: { api: { path: "services/api/main.ts" }, web: WEB, bin: { path: "services/api/door.ts" } },
  },
  linked: { components: { api: API, web: WEB }, linked: ["api", "web"] },
  "a pull request each": {
    components: {
      api: { ...API, changelog: "services/api/CHANGELOG.md" },
      web: { ...WEB, changelog: "services/web/CHANGELOG.md" },
    },
    publish: { mode: "pull-request" },
  },
  "components by themselves": { components: { api: API, web: WEB }, publish: { mode: "auto" } },
  channel: { branches: [{ name: "main", channel: "rc" }] },
  "two approvals": { approvals: { required: 2 }, components: { api: API, web: WEB } },
  "a plan is required": { plan: { required: true } },
}
const PLACES: readonly (readonly string[])[] = [
  ["services/api/main.ts"],
  ["services/api/door.ts"],
  ["services/web/a.ts"],
  ["services/api/main.ts", "services/web/a.ts"],
  ["services/api/door.ts", "build.sh"],
  ["build.sh"],
]
const PEOPLE = ["ann", "ben", "cleo"] as const
const BUTTONS = ["approve", "approve", "approve", "publish", "publish", "recut", "hold"] as const

type Step =
  | {
      readonly is: "land"
      readonly by: string
      readonly title: string
      readonly at: number
      readonly how: "push" | "squash" | "merge"
    }
  | { readonly is: "press"; readonly by: string; readonly button: string; readonly on: number; readonly stale: boolean }
  | { readonly is: "configure"; readonly by: string; readonly to: string; readonly and: string | null }
  | { readonly is: "merge its pull request"; readonly on: number; readonly same: boolean }
  | { readonly is: "edit"; readonly title: string; readonly on: number }
  | { readonly is: "all approve"; readonly on: number }
  | { readonly is: "go round it"; readonly by: string; readonly to: string; readonly on: number }
  | { readonly is: Simple }
type Simple = keyof typeof SIMPLE

const open = (w: World): readonly Release[] =>
  w.known.releases.filter(({ phase, shown }) => phase.is !== "published" && shown)
const pick = <T>(of: readonly T[], at: number): T | undefined => of[at % Math.max(1, of.length)]

const SIMPLE = {
  look: (w: World) => w.hear({ kind: "look", because: "a sweep" }),
  "a lost push": (w: World) => void w.truth.push("fix: lost", { files: ["services/api/main.ts"], author: "ben" }),
  "a force push": (w: World) => {
    const to = w.truth.commits.at(-2)?.sha
    if (to) w.hear(w.truth.reset(to))
  },
  "told again": (w: World) => w.hear(...(told.get(w)?.slice(-3) ?? [])),
  "time passes": (w: World) => w.later(10),
  "a plan": (w: World) => w.commitFiles({ plan: plan({ features: [{ id: "A", status: "ready" }] }), author: "ben" }),
  "no plan": (w: World) => w.commitFiles({ plan: undefined, author: "cleo" }),
  "a broken configuration": (w: World) => w.commitFiles({ config: "broken" }),
  "pull requests are refused": (w: World) =>
    w.refusing.set("pull-request", { is: "refused", code: "invalid", because: "a ruleset" }),
  "publications are refused": (w: World) =>
    w.refusing.set("publish", { is: "refused", code: "invalid", because: "a ruleset" }),
  "all is well": (w: World) => w.refusing.clear(),
  "its pull request is closed": (w: World) => {
    const number = open(w).find(({ pull }) => pull?.is === "open")?.pull?.number
    if (number !== undefined) w.hear({ kind: "issue", number, state: "not merged" })
  },
} as const

/** What was heard, to be told again. */
const told = new WeakMap<World, ReturnType<World["take"]>>()

function happen(w: World, step: Step): void {
  if (step.is === "land") land(w, step)
  else if (step.is === "press") press(w, step)
  else if (step.is === "configure") {
    w.commitFiles({ config: config(CONFIGS[step.to]), author: step.by })
    const release = step.and === null ? undefined : open(w)[0]
    // In one batch with the configuration: the page is the one that stood there before.
    if (release && step.and !== null) w.click("approve", step.and, w.readiness(release.id))
  } else if (step.is === "merge its pull request") mergeOwn(w, step.on, step.same)
  else if (step.is === "edit") edit(w, step.on, step.title)
  else if (step.is === "all approve") {
    for (const by of PEOPLE) press(w, { by, button: "approve", on: step.on, stale: false })
    press(w, { by: "ann", button: "publish", on: step.on, stale: false })
  } else if (step.is === "go round it") goRound(w, step)
  else SIMPLE[step.is](w)
  rest(w)
}

function land(w: World, { by, title, at, how }: Extract<Step, { is: "land" }>): void {
  const files = pick(PLACES, at) ?? []
  const number = 1000 + w.truth.commits.length
  const commits = how === "merge" ? [title, "docs: a word"] : [title]
  const signals =
    how === "push"
      ? w.truth.push(title, { author: by, files })
      : w.truth.merge(number, title, { author: by, files, by: how, commits })
  told.set(w, [...(told.get(w) ?? []), ...signals])
  w.hear(...signals)
}

function press(w: World, { by, button, on, stale }: Omit<Extract<Step, { is: "press" }>, "is">): void {
  const release = pick(open(w), on)
  if (!release?.shown) return
  const pages = w.applied.flatMap((e) =>
    e.kind === "check" && e.content.externalId.startsWith(`slipway:${release.id}:`) ? [e.content] : [],
  )
  const page = stale ? pages[0] : pages.at(-1)
  if (page) w.click(button, by, page)
  rest(w)
}

/** Somebody approves what others wrote beside them, and changes what stands in the way of the rest. */
function goRound(w: World, { by, to, on }: Extract<Step, { is: "go round it" }>): void {
  const [all, stale] = [PLACES.length, false]
  land(w, { is: "land", by: PEOPLE.find((one) => one !== by) ?? "", title: "fix: b", at: 0, how: "squash" })
  land(w, { is: "land", by, title: "fix: b", at: on % all, how: "squash" })
  rest(w)
  press(w, { by, button: "approve", on: 0, stale })
  w.commitFiles({ config: config(CONFIGS[to]), author: by })
  for (const button of ["approve", "publish"]) press(w, { by, button, on: 0, stale })
}

function mergeOwn(w: World, on: number, same: boolean): void {
  const release = pick(
    open(w).filter(({ pull }) => pull?.is === "open"),
    on,
  )
  const pull = release?.pull
  if (!release || !pull) return
  const [version, files] = [
    pull.version,
    release.component ? [`services/${release.component}/CHANGELOG.md`] : ["CHANGELOG.md"],
  ]
  const from = `slipway/release/main${release.component ? `--${release.component}` : ""}`
  const isOnHead = w.truth.head === pull.on
  const signals = w.truth.merge(pull.number, `chore(release): ${version}`, {
    author: "slipway[bot]",
    type: "Bot",
    from,
    files,
  })
  const tree = isOnHead && same ? pull.tree : hashOf(w.truth.head).slice(0, 40)
  w.trees.set(w.truth.head, tree)
  w.content.set(w.truth.head, tree)
  w.hear(...signals)
}

function edit(w: World, on: number, title: string): void {
  const at = on % Math.max(1, w.truth.pulls.length)
  const pull = w.truth.pulls[at]
  if (!pull || pull.from !== undefined) return
  const edited = { ...pull, title, says: { override: title } }
  w.truth.pulls[at] = edited
  w.hear({ kind: "merged", base: "main", pull: edited })
}

/** Until nothing is left to do, timers included; what just came out is looked at. */
function rest(w: World): void {
  const before = w.applied.length
  w.decide()
  rememberCuts(w)
  w.run()
  rememberCuts(w)
  for (
    let turn = 0;
    turn < 3 && w.revisitAt !== undefined && w.revisitAt <= new Date(w.now.getTime() + 1000).toISOString();
    turn++
  ) {
    w.now = new Date(Math.max(w.now.getTime(), Date.parse(w.revisitAt)))
    w.run()
  }
  for (const effect of w.applied.slice(before))
    if (effect.kind === "publish") onlyWhatSomebodyElseApproved(w, effect.content)
}

/** Four eyes on every commit that belongs to what came out, or to nobody; by the paths alone. */
function onlyWhatSomebodyElseApproved(w: World, { release: id, tag, sha: at }: Publish): void {
  const release = w.known.releases.find((one) => one.id === id)
  if (release?.phase.is !== "published" || release.phase.outside || w.asksForNobody(tag)) return
  expect(w.truth.tags.get(tag)?.sha, "the tag stands on the candidate").toBe(at)
  const tree = w.content.get(at)
  const approvers = release.approvals
    .filter((one) => one.sha === at || (tree !== undefined && w.content.get(one.sha) === tree))
    .map(({ by }) => by.login)
  const shas = w.truth.commits.map((commit) => commit.sha)
  const shipped = w.truth.commits.slice(shas.indexOf(release.previous?.sha ?? "") + 1, shas.indexOf(at) + 1)
  const isBinned = binned.get(w)?.get(`${id}:${endOf(release.phase.candidate)}`) === true
  const isOf = (file: string) =>
    release.component === "" ||
    !file.startsWith("services/") ||
    (file.startsWith(`services/${release.component}/`) && !(isBinned && BIN.test(file)))
  for (const { message, author, files = [] } of shipped) {
    // Who merges in GitHub's pages is no author of what they merge.
    if (author === "slipway[bot]" || message.startsWith("Merge pull request ") || !files.some(isOf)) continue
    const others = approvers.filter((login) => login !== author)
    expect(others, `${tag}: ${message} by ${author}, approved by ${approvers.join(" and ")}`).not.toEqual([])
  }
}

/** In one configuration it is another component's: what that said when a release was cut stays so. */
const BIN = /^services\/api\/door/
const binned = new WeakMap<World, Map<string, boolean>>()

function rememberCuts(w: World): void {
  const cuts = binned.get(w) ?? new Map<string, boolean>()
  binned.set(w, cuts)
  const isBinned = Object.hasOwn(w.known.lines.main?.ledger?.starts ?? {}, "bin")
  for (const { id, phase } of w.known.releases)
    if (phase.is === "cut") {
      const cut = `${id}:${endOf(phase.candidate)}`
      if (!cuts.has(cut)) cuts.set(cut, isBinned)
    }
}

/** Looking again at the same instant with nothing new says nothing new. */
function restsIn(w: World): void {
  if (w.outbox.length > 0) return
  const handles = structuredClone(w.handles)
  const facts = { learned: {}, unknown: [], announcements: w.announcements }
  const again = decide({ repo: w.repo, state: w.known, facts, signals: [], handles, now: w.now })
  expect([again.audit, again.times]).toEqual([[], []])
  expect(again.state).toEqual(w.known)
  for (const effect of again.effects) {
    if (effect.mode === "append") expect(w.knows(effect.key), `${effect.key} was said before`).toBe(true)
    else if (w.known.refused[effect.target] === undefined)
      expect(hashOf(effect.content), `${effect.target} looks so already`).toBe(w.handles[effect.target]?.content)
  }
}

const person = fc.constantFrom(...PEOPLE)
const title = fc.constantFrom("feat: a", "fix: b", "fix: b", "feat!: c", "chore: d")
const on = fc.nat(7)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      is: fc.constant("land" as const),
      by: person,
      title,
      at: on,
      how: fc.constantFrom("push" as const, "squash" as const, "merge" as const),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      is: fc.constant("press" as const),
      by: person,
      button: fc.constantFrom(...BUTTONS),
      on,
      stale: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    }),
  },
  { weight: 4, arbitrary: fc.record({ is: fc.constant("all approve" as const), on }) },
  {
    weight: 2,
    arbitrary: fc.record({
      is: fc.constant("configure" as const),
      by: person,
      to: fc.constantFrom(...Object.keys(CONFIGS)),
      and: fc.option(person, { freq: 2 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ is: fc.constant("merge its pull request" as const), on, same: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant("edit" as const), title, on }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constantFrom(...(Object.keys(SIMPLE) as Simple[])) }) },
)

const begin = (written: object): World =>
  world((w) => {
    w.truth.config = config(written)
    for (const tag of ["api-v1.0.0", "web-v1.0.0"]) w.truth.tags.set(tag, { sha: sha(1), version: "1.0.0" })
    w.truth.checks.set(sha(1), [report("test")])
  })

/** Ways round that were open once. */
const WENT_ROUND: [string, Step[]][] = [
  ["components", [{ is: "go round it", by: "ann", to: "one folder is somebody else's", on: 1 }]],
  ["a plan is required", [{ is: "go round it", by: "ann", to: "whole", on: 0 }]],
  ["components", [{ is: "go round it", by: "ann", to: "auto", on: 4 }]],
]

test("whatever is configured in whatever order, nothing comes out that only its author has approved", () => {
  let out = 0
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(CONFIGS)),
      fc.array(step, { minLength: 6, maxLength: 24 }),
      (first, steps) => {
        const w = begin(CONFIGS[first] ?? {})
        for (const one of steps) {
          happen(w, one)
          restsIn(w)
        }
        out += w.applied.filter(({ kind }) => kind === "publish").length
      },
    ),
    { numRuns: 30, examples: WENT_ROUND },
  )
  expect(out, "releases did come out").toBeGreaterThan(20)
})
