import { candidateHash, shaOf } from "../../../src/decide/candidate.ts"
import type { Subject } from "../../../src/decide/gates/subject.ts"
import { configOf, planOf } from "../../../src/decide/plan-of.ts"
import { gatesOfRelease } from "../../../src/decide/readiness.ts"
import { changesOfRelease, coveredChanges } from "../../../src/decide/release-changes.ts"
import type { Evidence } from "../../../src/model/evidence.ts"
import type { Gate } from "../../../src/model/gate.ts"
import type { Face, Lead, Neighbour, Offer, ShownFeature } from "../../../src/model/joint.ts"
import type { Release } from "../../../src/model/release.ts"
import type { Line, State } from "../../../src/model/state.ts"
import { config, plan, REPO, report } from "./truth.ts"
import { type World, world } from "./world.ts"

/** When the release of `readyWorld` is looked at. */
export const NOW = new Date("2026-11-02T09:05:00.000Z")

/** What acme/api shows: 1.4.0 is cut, and lets the plan of acme/shop name it. */
export const OFFER: Offer = {
  component: "",
  version: "1.4.0",
  sha: "a".repeat(40),
  is: "cut",
  url: "https://github.com/acme/api/runs/1",
  lets: ["acme/shop"],
  isPinned: true,
  leads: false,
  open: [],
  news: [],
}
/** What acme/suite shows: it leads, and it is the turn of acme/shop. @param sha of the candidate that has the turn */
export const leadOf = (sha: string, row: object = { is: "going", turn: 0 }): Lead => {
  const place = { repo: "acme/shop", component: "", version: "1.1.0" }
  const shared = { id: "9:1:x", by: "lea", asked: NOW.toISOString(), since: NOW.toISOString() }
  const places = [{ ...place, sha, isOut: false }]
  return {
    release: "1",
    component: "",
    version: "2.5.0",
    url: "https://github.com/acme/suite/runs/1",
    places: [place],
    row: { ...shared, places, ...(row as { is: "asking" }) },
  }
}
export const showing = (face: Partial<Face>): Neighbour => ({
  is: "seen",
  isPrivate: false,
  face: { offers: [], leads: [], ...face },
})

/** A feature of acme/api that came out with an earlier release. */
const INVOICES: ShownFeature = { id: "INV", component: "", version: "1.3.0", is: "out", because: "is out" }

const FEATURES = [
  { id: "PAY", status: "ready", dependencies: ["acme/api#INV"] },
  { id: "SEARCH", issue: 812, dependencies: ["PAY"] },
]

/** A release with every kind of gate that rests on facts, all of them passed: 1.1.0, cut by ben, of a change of ann's. */
export function readyWorld(): World {
  const w = world((it) => {
    it.truth.ci = { workflows: [".github/workflows/ci.yml"], required: [{ name: "license" }] }
    it.truth.issues["#812"] = "closed"
    it.truth.issues["#7"] = "closed"
    it.truth.files.add("docs/migrate.md")
    it.neighbours = { "acme/api": showing({ offers: [OFFER], features: [INVOICES] }), "acme/suite": showing({}) }
    it.truth.metrics = () => 0
    it.truth.config = config({
      plan: { with: ["acme/suite"] },
      publish: { manifests: ["package.json"], assets: ["shop.tgz"] },
    })
    it.truth.plan = plan({
      release: { version: "1.1.0" },
      timeline: { code_freeze: "2026-11-02T08:30:00.000Z" },
      testing: { unit_tests: { check: "CI / test", within: "24h" }, required: ["unit_tests"] },
      features: FEATURES,
      repositories: [{ repo: "acme/api", version: "1.4.0" }],
      checklist: {
        before: [
          { item: "Legal agrees", issue: 7 },
          { item: "Guide", file: "docs/migrate.md" },
          { item: "Calm", metric: { query: "errors", "at-most": 0.01 } },
        ],
      },
    })
  })
  w.merge(12, "feat: pay by invoice").take()
  w.truth.checks.set(w.truth.head, [report("test"), report("license", { app: "cla", appId: "7" })])
  w.hear({ kind: "look", because: "checks are done" }).run().click("approve", "ben").run()
  const release = w.release()
  w.state = {
    ...w.known,
    versions: { [`${w.truth.head}:package.json`]: { version: "1.1.0" } },
    assets: {
      [release.id]: { items: [{ id: "1", name: "shop.tgz", isUploaded: true, sha256: "a".repeat(64) }], listed: {} },
    },
  }
  return w
}

/** The newest open release in a state, as its gates look at it. @throws where there is none */
function subjectIn(state: State, now = NOW): Subject {
  const line = state.lines.main
  const release = state.releases.findLast((r) => r.phase.is !== "published")
  if (!line || !release) throw new Error("no open release")
  return {
    repo: REPO,
    state,
    line,
    release,
    sha: shaOf(line, release),
    changes: changesOfRelease(line, release),
    covered: coveredChanges(state, line, release),
    config: configOf(line),
    plan: planOf(state, line, release),
    hash: candidateHash(state, line, release),
    now,
  }
}

export const gatesIn = (state: State, now = NOW): readonly Gate[] => gatesOfRelease(subjectIn(state, now))

/** A change of the state: what is otherwise, or missing. */
export type Change = (state: State) => State

export const inLine =
  (change: (line: Line) => Line): Change =>
  (state) => {
    const { main } = state.lines
    if (!main) return state
    return { ...state, lines: { ...state.lines, main: change(main) } }
  }

export const inRelease =
  (change: (release: Release) => Release): Change =>
  (state) => ({ ...state, releases: state.releases.map((r) => (r.phase.is === "published" ? r : change(r))) })

/** Another set of reports on the candidate. */
export const withReports =
  (change: (items: readonly Evidence[]) => readonly Evidence[]): Change =>
  (state) => ({
    ...state,
    evidence: Object.fromEntries(
      Object.entries(state.evidence).map(([sha, known]) => [sha, { ...known, items: change(known.items) }]),
    ),
  })

/** What could not be read the last time that it was tried, as when a permission was taken away. */
export const refused =
  (what: string): Change =>
  (state) => ({ ...state, unknown: [...state.unknown, { what, because: "403: Resource not accessible" }] })

export const all =
  (...changes: readonly Change[]): Change =>
  (state) =>
    changes.reduce((now, change) => change(now), state)
