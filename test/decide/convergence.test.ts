import fc from "fast-check"
import { expect, test } from "vitest"
import { decide } from "../../src/decide/decide.ts"
import { hashOf } from "../../src/model/hash.ts"
import type { Signal } from "../../src/model/signal.ts"
import type { State } from "../../src/model/state.ts"
import { config, plan, REPO, report, sha } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

/** A state without what depends on how the news came: the earlier heads, and when a reading was made. */
function comparable(state: State): unknown {
  const lines = Object.values(state.lines).map((line) => ({ ...line, ledger: { ...line.ledger, heads: [] } }))
  const evidence = Object.entries(state.evidence).map(([at, { items }]) => [at, items] as const)
  return { ...state, lines, evidence: Object.fromEntries(evidence.filter(([, items]) => items.length > 0)) }
}

/** Five merges of every kind and a report on the last; nothing of it has been heard of yet. */
function news(): { w: World; signals: readonly Signal[] } {
  const w = world((it) => (it.announcements = { is: "off", because: "a test" }))
  const signals = [
    ...w.truth.merge(12, "feat: squashed"),
    ...w.truth.push("fix: direct"),
    ...w.truth.merge(13, "A branch", { by: "merge", commits: ["feat: one", "docs: two"], author: "ben" }),
    ...w.truth.merge(14, "Rebased", { by: "rebase", commits: ["fix: three", "perf!: four"] }),
    ...w.truth.merge(15, "chore: tidy up", { author: "cleo" }),
  ]
  const told = report("test", { state: "pending" })
  w.truth.checks.set(w.truth.head, [told])
  return { w, signals: [...signals, { kind: "evidence", sha: w.truth.head, report: told }] }
}

test("webhooks in any order, in any batches, come to the same state", () => {
  const { w, signals } = news()
  const start = w.state
  const end = comparable(w.decide(signals).known)
  expect(w.release()).toMatchObject({ tag: "v2.0.0" })
  fc.assert(
    fc.property(
      fc.shuffledSubarray([...signals], { minLength: signals.length }),
      fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 10 }),
      (order, sizes) => {
        w.state = start
        const rest = [...order]
        for (const size of sizes) if (rest.length > 0) w.decide(rest.splice(0, size))
        if (rest.length > 0) w.decide(rest)
        expect(comparable(w.known)).toEqual(end)
      },
    ),
    { numRuns: 60 },
  )
})

test("webhooks that come twice change nothing", () => {
  const { w, signals } = news()
  const once = w.decide(signals).known
  expect(comparable(w.decide(signals).known)).toEqual(comparable(once))
})

test("in the steady state a merge writes the draft and the check of the new head, and nothing else at GitHub", () => {
  const w = world().merge(12, "feat: a").run()
  for (let number = 13; number < 18; number++) {
    const before = w.applied.length
    w.merge(number, `fix: ${number}`).run()
    const written = w.applied.slice(before)
    expect(written.filter((e) => e.kind !== "thread" && e.kind !== "reply").map((e) => e.target)).toEqual([
      "draft:1",
      `check:readiness:${w.truth.head}`,
    ])
    expect(new Set(written.map((e) => e.kind))).toEqual(new Set(["draft", "check", "thread"]))
  }
})

test("a burst is one write of each", () => {
  const w = world().merge(12, "feat: a").run()
  const before = w.applied.length
  for (let number = 13; number < 113; number++) w.merge(number, `fix: ${number}`)
  w.run()
  expect(w.applied.slice(before).filter((e) => e.kind === "draft" || e.kind === "check")).toHaveLength(2)
  const draft = w.draft("1")
  expect(draft.notes.changes).toBe(101)
})

test("reports on a drafted head redraw its page alone", () => {
  const w = world().merge(12, "feat: a").run()
  const before = w.applied.length
  w.hear({ kind: "evidence", sha: w.truth.head, report: report("test", { state: "pending" }) }).run()
  expect(w.applied.slice(before).map((e) => e.kind)).toEqual(["check"])
})

/** What may happen, on a world where anything may have happened before. */
const ACTIONS: { readonly [name: string]: (w: World) => unknown } = {
  feature: (w) => w.merge(100 + w.truth.commits.length, "feat: a", { author: "ann" }),
  fix: (w) => w.merge(100 + w.truth.commits.length, "fix: b", { author: "ben" }),
  breaking: (w) => w.push("feat!: c", { author: "cleo" }),
  chore: (w) => w.push("chore: d"),
  "approve by ann": (w) => tryClick(w, "approve", "ann"),
  "approve by ben": (w) => tryClick(w, "approve", "ben"),
  "approve by cleo": (w) => tryClick(w, "approve", "cleo"),
  hold: (w) => tryClick(w, "hold", "ben"),
  recut: (w) => tryClick(w, "recut", "cleo"),
  publish: (w) => tryClick(w, "publish", "ann"),
  "an old page": (w) => {
    const old = w.applied.find((e) => e.kind === "check" && e.content.page.is === "readiness")
    if (old?.kind === "check") w.click("approve", "cleo", old.content)
  },
  "a check fails": (w) => evidence(w, "failed"),
  "a check passes": (w) => evidence(w, "passed"),
  "a check runs": (w) => evidence(w, "pending"),
  "a plan": (w) => w.commitFiles({ plan: plan({ features: [{ id: "A", status: "ready" }] }) }),
  "a frozen plan": (w) => w.commitFiles({ plan: plan({ timeline: { code_freeze: w.now.toISOString() } }) }),
  "a stated version": (w) => w.commitFiles({ plan: plan({ release: { version: "1.5.0" } }) }),
  "no plan": (w) => w.commitFiles({ plan: undefined }),
  "a broken plan": (w) => w.commitFiles({ plan: "broken" }),
  "two approvals": (w) => w.commitFiles({ config: config({ approvals: { required: 2 } }) }),
  "no approval": (w) => w.commitFiles({ config: config({ approvals: { required: 0 } }) }),
  "a broken configuration": (w) => w.commitFiles({ config: "broken" }),
  "no configuration": (w) => w.commitFiles({ config: undefined }),
  "a force push": (w) => w.truth.commits.length > 1 && w.hear(w.truth.reset(w.truth.commits.at(-2)?.sha ?? "")),
  "a lost push": (w) => void w.truth.push("fix: lost"),
  "a look": (w) => w.hear({ kind: "look", because: "a sweep" }),
  "history is out of reach": (w) => w.unreadable.set("history:", "the App lacks `contents: read`"),
  "checks are out of reach": (w) => w.unreadable.set("checks:", "the App lacks `checks: read`"),
  "authors are out of reach": (w) => w.unreadable.set("authors:", "the App lacks `pull_requests: read`"),
  "all is in reach": (w) => w.unreadable.clear(),
  "all goes well": (w) => {
    w.unreadable.clear()
    evidence(w, "passed")
    w.merge(100 + w.truth.commits.length, "fix: well", { author: "ann" })
      .hear({ kind: "look", because: "a sweep" })
      .run()
    for (const login of ["ben", "cleo"]) {
      tryClick(w, "approve", login)
      w.run()
    }
    tryClick(w, "publish", "ann")
  },
  deployed: (w) => w.deploy("production", lastPublished(w), "success"),
  "a failed deployment": (w) => w.deploy("production", lastPublished(w), "failure"),
  "roll back": (w) => {
    const offered = w.applied.findLast(
      (e) => e.kind === "check" && e.content.buttons.some((b) => b.label === "Roll back"),
    )
    if (offered?.kind === "check") w.click("rollback:production", "ben", offered.content)
  },
  "production has gates": (w) =>
    w.commitFiles({ config: config({ environments: { production: { soak: "1h", approvals: { required: 1 } } } }) }),
  "a job asks for production": (w) => w.ask("production", lastPublished(w)),
  "the head asks for production": (w) => w.ask("Production", w.truth.head),
  "what waits is approved": (w) => pressWaiting(w, "approve"),
  "what waits is held": (w) => pressWaiting(w, "hold"),
  "tags are out of reach": (w) => w.unreadable.set("tag:", "the App lacks `contents: read`"),
  "an hour passes": (w) => w.later(61),
  "checks are refused": (w) =>
    w.refusing.set("check", { is: "refused", code: "forbidden", because: "no `checks: write`" }),
  "drafts are gone": (w) => w.refusing.set("draft", { is: "refused", code: "gone", because: "deleted" }),
  "Slack is broken": (w) => w.refusing.set("thread", { is: "refused", code: "unavailable", because: "invalid_auth" }),
  "publications expire": (w) => w.refusing.set("publish", { is: "refused", code: "expired", because: "too late" }),
  "all is well": (w) => w.refusing.clear(),
  "uninstalled and installed": (w) => {
    w.hear({ kind: "uninstalled" }).run().hear({ kind: "look", because: "the App was installed" })
  },
}

const lastPublished = (w: World): string => {
  const last = w.known.releases.findLast((r) => r.phase.is === "published")
  return last?.phase.is === "published" ? last.phase.candidate.sha : w.truth.head
}

function tryClick(w: World, button: string, login: string): void {
  const open = w.known.releases.find(
    (r) => r.phase.is !== "published" && r.shown && w.handles[`check:readiness:${r.shown.sha}`],
  )
  if (open) w.click(button, login, w.readiness(open.id))
}

function pressWaiting(w: World, button: string): void {
  const shown = w.applied.findLast((e) => e.kind === "check" && e.content.page.is === "entry")
  if (shown?.kind === "check") w.click(button, "ben", shown.content)
}

function evidence(w: World, state: "failed" | "passed" | "pending"): void {
  const told = report("test", { state, id: String(w.applied.length + 200), at: w.now.toISOString() })
  w.truth.checks.set(w.truth.head, [told])
  w.hear({ kind: "evidence", sha: w.truth.head, report: told })
}

/**
 * `World.decide` holds every decision to what is always true (no green page while a gate is not passed, plain reasons,
 * GitHub's limits, purity); `World.run` throws where effects and outcomes would chase each other without end.
 */
test("whatever happens, every decision is sound, all comes to rest, and nothing unapproved is out", () => {
  const often = [
    "all goes well",
    "feature",
    "deployed",
    "a failed deployment",
    "roll back",
    "a job asks for production",
  ]
  const name = fc.oneof(fc.constantFrom(...Object.keys(ACTIONS)), fc.constantFrom(...often))
  const names = fc.array(name, { minLength: 5, maxLength: 20 })
  fc.assert(
    fc.property(names, (happened) => {
      const w = world()
      for (const name of happened) {
        ACTIONS[name]?.(w)
        if (name === "publications expire") w.decide()
        else w.run()
        w.refusing.delete("publish")
        restsIn(w)
        onlyWhatWasApprovedIsOut(w)
      }
    }),
    { numRuns: 40 },
  )
})

/** Looking again at the same instant with nothing new says nothing new. */
function restsIn(w: World): void {
  if (w.outbox.length > 0 || w.known.uninstalled) return
  const handles = structuredClone(w.handles)
  const facts = { learned: {}, unknown: [], announcements: w.announcements }
  const again = decide({ repo: REPO, state: w.known, facts, signals: [], handles, now: w.now })
  expect([again.audit, again.times]).toEqual([[], []])
  expect(again.state).toEqual(w.known)
  for (const effect of again.effects) {
    if (effect.mode === "append") expect(w.knows(effect.key), `${effect.key} was said before`).toBe(true)
    else if (w.known.refused[effect.target] === undefined)
      expect(hashOf(effect.content), `${effect.target} looks so already`).toBe(w.handles[effect.target]?.content)
  }
}

/** Told from the commits and the page's clicks alone, without the rules: four eyes on every commit, and the right tag. */
function onlyWhatWasApprovedIsOut(w: World): void {
  for (const { phase, tag, approvals, previous } of w.known.releases) {
    if (phase.is !== "published" || phase.outside) continue
    const { sha: at, version } = phase.candidate
    expect(w.truth.tags.get(tag), "the tag stands on the candidate").toMatchObject({ sha: at, version })
    const shas = w.truth.commits.map((c) => c.sha)
    if (!shas.includes(at) || w.asksForNobody(tag)) continue
    const shipped = w.truth.commits.slice(shas.indexOf(previous?.sha ?? "") + 1, shas.indexOf(at) + 1)
    const approvers = approvals.filter((a) => a.sha === at).map((a) => a.by.login)
    for (const commit of shipped)
      expect(
        approvers.some((login) => login !== commit.author),
        `${commit.message} by ${commit.author}, approved by ${approvers.join(" and ")}`,
      ).toBe(true)
  }
}

test("an uninstalled App does nothing, until it is installed again", () => {
  const w = world().merge(12, "feat: a").run()
  const before = w.applied.length
  w.hear({ kind: "uninstalled" }).run().merge(13, "fix: b").run().deploy("production", sha(1), "success").run()
  expect(w.known.uninstalled).toBe(true)
  expect(w.applied).toHaveLength(before)
  expect(w.audit.filter((a) => a.what === "uninstalled")).toHaveLength(1)
  w.hear({ kind: "look", because: "the App was installed" }).run()
  expect(w.known.uninstalled).toBeUndefined()
  expect(w.page().notes.changes).toBe(2)
})

test("in one batch, the last word on the installation counts", () => {
  const gone = world().merge(12, "feat: a").run()
  gone.hear({ kind: "look", because: "installed" }, { kind: "uninstalled" }).run()
  expect(gone.known.uninstalled).toBe(true)
  const back = world().merge(12, "feat: a").run()
  back.hear({ kind: "uninstalled" }, { kind: "look", because: "installed" }).run()
  expect(back.known.uninstalled).toBeUndefined()
})

test("a publication that ended while the App was taken away is not forgotten", () => {
  const w = world().merge(12, "feat: a").run().click("approve", "ben").run().click("publish", "ann").decide().act()
  w.hear({ kind: "uninstalled" }).run()
  expect(w.release("1").phase.is).toBe("published")
})

test("a deleted branch stops its draft, and starts again when it is back", () => {
  const w = world().merge(12, "feat: a").run()
  const deletion: Signal = {
    kind: "moved",
    branch: "main",
    advance: { before: w.truth.head, after: "0".repeat(40), forced: false, complete: true, commits: [] },
    files: [],
    deleted: true,
  }
  w.unreadable.set("history:", "the branch main does not exist")
  w.hear(deletion).run()
  expect(w.known.lines.main?.broken).toBe("the branch main was deleted")
  expect(w.check(`check:readiness:${w.truth.head}`)).toMatchObject({ page: { is: "empty" }, conclusion: "neutral" })
  w.unreadable.clear()
  w.merge(13, "fix: b").run()
  expect(w.page().notes.changes).toBe(2)
})
