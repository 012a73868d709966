import { expect, test } from "vitest"
import type { Back } from "../../src/model/after.ts"
import type { ReleaseGateName } from "../../src/model/gate.ts"
import type { Lead, Neighbour, Offer } from "../../src/model/joint.ts"
import type { Organisation } from "../../src/model/organisation.ts"
import type { State } from "../../src/model/state.ts"
import {
  all,
  type Change,
  gatesIn,
  inLine,
  inRelease,
  leadOf,
  NOW,
  OFFER,
  readyWorld,
  refused,
  showing,
  withReports,
} from "./support/ready-release.ts"
import { config, person, plan, report, sha } from "./support/truth.ts"

/**
 * Every gate in every state, one table a gate: what is so, and what the gate says of it. A text stands where a gate has
 * no such state, and says why not. A new gate does not compile without its table.
 */
interface Table {
  readonly passed: Row
  readonly failed: Row
  readonly pending: Row
  /** A fact that nobody has read yet. */
  readonly unknown: Row
  /** A fact that was true once: too old, or of something else. */
  readonly stale: Row
  /** What cannot be understood. */
  readonly malformed: Row
  /** What GitHub refuses to tell. */
  readonly "missing permission": Row
}
type Row = readonly [so: Change, says: `${"passed" | "failed" | "pending" | "unknown"}: ${string}`] | string

const ready = readyWorld()
const head = ready.truth.head
const id = ready.release().id
const asIs: Change = (state) => state
const of =
  <K extends keyof State>(key: K, value: State[K]): Change =>
  (state) => ({ ...state, [key]: value })
const reports = (...items: Parameters<typeof report>[]) => withReports(() => items.map((it) => report(...it)))
const planned = (more: object) =>
  inLine((line) => ({
    ...line,
    plan: {
      is: "valid",
      path: "release-plan.yml",
      blob: "b9",
      value: plan({ release: { version: "1.1.0" }, ...more }),
    },
  }))
const hotfix =
  (back: Partial<Back>): Change =>
  (state) => {
    const [release] = state.releases
    const after = { back: { to: "main", is: "open" as const, at: NOW.toISOString(), reminded: 0, ...back } }
    const made = release && { ...release, id: "77", branch: "hotfix/a", tag: "v1.0.1", after }
    return made ? { ...state, releases: [...state.releases, made] } : state
  }
const invalid = { is: "invalid", path: "a.yml", blob: "b9", problems: [] } as const
const written = (by: Parameters<typeof of<"authorship">>[1][string]) => of("authorship", { "#12": by })
const pull = (more: object) =>
  inRelease((release) => ({
    ...release,
    phase: { is: "drafted" },
    shown: { sha: head, hash: "h", pull: PULL },
    pull: { ...PULL, ...more },
  }))
const PULL = {
  number: 41,
  url: "https://github.com/acme/shop/pull/41",
  sha: head,
  tree: "t".repeat(40),
  on: head,
  version: "1.1.0",
  is: "open",
} as const
const byPull = inLine((line) => ({
  ...line,
  config: {
    is: "valid",
    path: ".github/slipway.yml",
    blob: "b9",
    value: config({ publish: { mode: "pull-request", manifests: ["package.json"] } }),
  },
}))

const TGZ = { id: "1", name: "shop.tgz", isUploaded: true, sha256: "a".repeat(64) } as const
const SAME = { publish: { manifests: ["package.json"], assets: ["shop.tgz"] } }
const configured = (value: object) =>
  ({ is: "valid", path: ".github/slipway.yml", blob: "b9", value: config({ ...SAME, ...value }) }) as const
const extended = config({ ...SAME, extends: "acme/.github" })
const extending = (organisation?: Organisation) =>
  all(
    of("organisations", organisation ? { "acme/.github": organisation } : {}),
    inLine((line) => ({ ...line, config: { is: "valid", path: ".github/slipway.yml", blob: "b9", value: extended } })),
  )
const required = configured({ plan: { required: true } })
const wordless = configured({ plan: { words: false } })
const changed = configured({ approvals: { required: 2 } })
const listing = (ticked: object) => planned({ checklist: { before: [{ item: "Load test", ...ticked }] } })
const needing = (pay: object) => planned({ features: [pay, { id: "SEARCH", status: "ready", dependencies: ["PAY"] }] })

const UNSEEN: Neighbour = { is: "unseen", because: "no repository is known" }
const neighbours = (more: { readonly [name: string]: Neighbour | undefined }): Change => {
  const all = Object.entries({ ...ready.known.neighbours, ...more })
  return of("neighbours", Object.fromEntries(all.flatMap(([name, it]) => (it ? [[name, it]] : []))))
}
const offering = (more: Partial<Offer>) => neighbours({ "acme/api": showing({ offers: [{ ...OFFER, ...more }] }) })
const led = (...leads: Lead[]) => neighbours({ "acme/suite": showing({ leads }) })

/** What may enter an environment is judged by gates of its own: test/decide/entry-gate-states.test.ts. */
const TABLES: { readonly [Name in ReleaseGateName]: Table } = {
  configuration: {
    passed: [asIs, "passed: .github/slipway.yml is valid"],
    failed: [
      inLine((line) => ({ ...line, plan: { is: "absent" }, config: required })),
      "failed: slipway.yml requires a plan",
    ],
    pending: [inLine((line) => ({ ...line, config: changed })), "pending: the gates in slipway.yml were changed"],
    unknown: [inLine((line) => ({ ...line, broken: "too many commits" })), "unknown: main could not be followed"],
    stale: [inLine((line) => ({ ...line, config: { is: "absent" } })), "pending: .github/slipway.yml was deleted"],
    malformed: [inLine((line) => ({ ...line, config: invalid })), "failed: a.yml is not valid"],
    "missing permission": [refused("config:main"), "unknown: configuration or plan could not be read: 403"],
  },
  version: {
    passed: [asIs, "passed: 1.1.0, as the plan says"],
    failed: [planned({ release: { version: "1.0.5" } }), "failed: the plan says 1.0.5, but the changes require 1.1.0"],
    pending: [
      (state) => ({
        ...state,
        releases: [
          ...state.releases,
          ...state.releases.flatMap((r) => (r.phase.is === "cut" ? [{ ...r, id: "99" }] : [])),
        ],
      }),
      "pending: v1.1.0 was cut before it",
    ],
    unknown: "a version is reckoned from what is known; what is not known is the gate “configuration”",
    stale: [
      planned({ release: { version: "1.2.0" } }),
      "failed: the plan says 1.2.0, but the release was cut as 1.1.0",
    ],
    malformed: "a version that is none makes the plan invalid: the gate “configuration”",
    "missing permission": "reads nothing of its own",
  },
  "pull request": {
    passed: [all(byPull, pull({})), "passed: #41 brings 1.1.0"],
    failed: [all(byPull, pull({ is: "closed" })), "failed: #41 was closed without a merge"],
    pending: [
      all(
        byPull,
        inRelease((r) => ({ ...r, phase: { is: "drafted" } })),
      ),
      "pending: it is being written",
    ],
    unknown: "what Slipway wrote itself is known",
    stale: [
      inRelease((r) => ({ ...r, pull: { ...PULL, is: "merged", asked: "1.2.0" } })),
      "failed: #41 brought 1.1.0, but the changes that were merged before it ask for 1.2.0",
    ],
    malformed: [
      all(byPull, pull({ strayed: "e".repeat(40) })),
      "failed: #41 ends in eeeeeee, which Slipway did not make",
    ],
    "missing permission": [
      all(
        byPull,
        inRelease((r) => ({ ...r, phase: { is: "drafted" } })),
        of("refused", { [`pull:${id}`]: "403" }),
      ),
      "failed: it could not be written: 403",
    ],
  },
  manifests: {
    passed: [asIs, "passed: package.json: 1.1.0"],
    failed: [of("versions", { [`${head}:package.json`]: { version: "1.0.9" } }), "failed: package.json says 1.0.9"],
    pending: [
      all(
        inRelease((r) => ({ ...r, phase: { is: "drafted" } })),
        of("versions", {}),
      ),
      "pending: package.json is read when",
    ],
    unknown: [of("versions", {}), "unknown: package.json is read when the release is cut"],
    stale: [
      of("versions", { [`${"0".repeat(40)}:package.json`]: { version: "1.1.0" } }),
      "unknown: package.json is read when",
    ],
    malformed: [
      of("versions", { [`${head}:package.json`]: { none: "package.json is no JSON" } }),
      "failed: package.json is no JSON",
    ],
    "missing permission": [refused(`manifest:${head}:package.json`), "unknown: package.json could not be read: 403"],
  },
  checks: {
    passed: [asIs, "passed: all 2 checks have passed"],
    failed: [reports(["test", { state: "failed" }], ["license"]), "failed: test did not pass"],
    pending: [reports(["test", { state: "pending" }], ["license"]), "pending: test still running"],
    unknown: [inLine(({ ci: _, ...line }) => line), "unknown: which checks report here is not known"],
    stale: [
      (state) => ({ ...state, evidence: { [`${"0".repeat(40)}`]: state.evidence[head] ?? { items: [] } } }),
      "pending: waiting for license",
    ],
    malformed: [
      reports(["test", { state: "failed", word: "something_new" }], ["license"]),
      "failed: test did not pass",
    ],
    "missing permission": [refused(`checks:${head}`), "unknown: the checks could not be read: 403"],
  },
  "code freeze": {
    passed: [asIs, "passed: frozen since 2026-11-02 08:30 UTC"],
    failed: [
      planned({ timeline: { code_freeze: "2026-11-02T07:00:00.000Z" } }),
      "failed: #12 landed after the code freeze",
    ],
    pending: [
      planned({ timeline: { code_freeze: "2026-11-03T07:00:00.000Z" } }),
      "pending: the code freeze begins on 2026-11-03",
    ],
    unknown: "the plan says when; what landed is the ledger, and the gate “configuration” tells that it is not known",
    stale: [
      inRelease((r) => ({ ...r, phase: { is: "drafted" } })),
      "pending: frozen since 2026-11-02 08:30 UTC; the release is being cut",
    ],
    malformed: "a date that is none makes the plan invalid: the gate “configuration”",
    "missing permission": "reads nothing of its own",
  },
  stop: {
    passed: [extending({ is: "read", blob: "o1" }), "passed: acme/.github stops no releases"],
    failed: [
      extending({ is: "read", blob: "o1", stop: { because: "an incident", except: [] } }),
      "failed: acme/.github stops all releases: an incident",
    ],
    pending: "an organisation stops releases, or it does not",
    unknown: [extending(), "unknown: what acme/.github says was not read yet"],
    stale: [
      all(
        extending({ is: "read", blob: "o1", stop: { because: "an incident", except: ["acme/other"] } }),
        inLine((line) => ({ ...line, config: { is: "absent" }, inForce: { config: { value: extended, hash: "h" } } })),
      ),
      "failed: acme/.github stops all releases",
    ],
    malformed: [extending({ is: "unread", because: "line 3 is no YAML" }), "unknown: line 3 is no YAML"],
    "missing permission": [extending({ is: "unread", because: "403" }), "unknown: 403"],
  },
  tests: {
    passed: [asIs, "passed: unit_tests passed"],
    failed: [reports(["test", { state: "failed" }], ["license"]), "failed: unit_tests did not pass: test"],
    pending: [reports(["license"]), "pending: unit_tests waits for a check named “CI / test”"],
    unknown: [of("evidence", {}), "pending: unit_tests waits for a check"],
    stale: [
      reports(["test", { at: "2026-11-01T09:00:00.000Z" }]),
      "failed: unit_tests is too old: test reported on 2026-11-01",
    ],
    malformed: [reports(["test", { at: "2099-01-01T00:00:00.000Z" }]), "failed: unit_tests has no believable time"],
    "missing permission": [refused(`checks:${head}`), "unknown: unit_tests could not be read: 403"],
  },
  features: {
    passed: [asIs, "passed: PAY and SEARCH ready"],
    failed: [
      all(
        planned({ features: [{ id: "PAY", status: "ready" }] }),
        inLine((line) => ({ ...line, config: wordless })),
      ),
      "failed: PAY is only stated as ready",
    ],
    pending: [of("issues", { "#812": "open" }), "pending: SEARCH waits for #812, which is open"],
    unknown: [of("issues", {}), "unknown: SEARCH is bound to #812: not read yet"],
    stale: [
      of("issues", { "#812": "not planned" }),
      "pending: SEARCH waits for #812, which was closed, but not as completed",
    ],
    malformed: "an issue that is none makes the plan invalid: the gate “configuration”",
    "missing permission": [refused("issue:#812"), "unknown: SEARCH is bound to #812: 403"],
  },
  dependencies: {
    passed: [asIs, "passed: every feature has what it needs"],
    failed: [needing({ id: "PAY", status: "dropped" }), "failed: SEARCH needs PAY, which is dropped"],
    pending: [needing({ id: "PAY" }), "pending: SEARCH needs PAY, which is planned"],
    unknown: [needing({ id: "PAY", issue: 9 }), "unknown: SEARCH needs PAY, which is bound to #9: not read yet"],
    stale: [
      all(needing({ id: "PAY", issue: 9 }), of("issues", { "#9": "not merged" })),
      "pending: SEARCH needs PAY, which waits for #9",
    ],
    malformed: "a feature that needs none that is there makes the plan invalid: the gate “configuration”",
    "missing permission": [
      all(needing({ id: "PAY", issue: 9 }), refused("issue:#9")),
      "unknown: SEARCH needs PAY, which is bound to #9: 403",
    ],
  },
  "rollback plan": {
    passed: [asIs, "passed: docs/rollback.md is there"],
    failed: [of("files", { [`${head}:docs/rollback.md`]: false }), "failed: docs/rollback.md does not exist"],
    pending: "a file is there or not",
    unknown: [of("files", {}), "unknown: docs/rollback.md was not looked for yet"],
    stale: [
      of("files", { [`${"0".repeat(40)}:docs/rollback.md`]: true }),
      "unknown: docs/rollback.md was not looked for yet",
    ],
    malformed: "a plan that names no procedure is invalid: the gate “configuration”",
    "missing permission": [all(of("files", {}), refused(`file:${head}:docs/rollback.md`)), "unknown: 403"],
  },
  checklist: {
    passed: [asIs, "passed: all 3 items are ticked"],
    failed: [
      all(listing({ check: "load" }), reports(["load", { state: "failed" }])),
      "failed: 0 of 1 item ticked; “Load test” did not pass: load",
    ],
    pending: [listing({ check: "load" }), "pending: 0 of 1 item ticked; “Load test” waits for a check named “load”"],
    unknown: [of("files", {}), "unknown: 2 of 3 items ticked; “Guide” waits for docs/migrate.md"],
    stale: [
      all(listing({ check: "test", within: "1h" }), reports(["test", { at: "2026-11-01T09:00:00.000Z" }])),
      "failed: 0 of 1 item ticked; “Load test” is too old",
    ],
    malformed: "an item that names nothing to be ticked by makes the plan invalid: the gate “configuration”",
    "missing permission": [refused("issue:#7"), "unknown: 2 of 3 items ticked; “Legal agrees” is bound to #7: 403"],
  },
  assets: {
    passed: [asIs, "passed: shop.tgz is on the draft"],
    failed: [
      of("assets", { [id]: { items: [TGZ], listed: { "2": [{ name: "shop.tgz", sha256: "b".repeat(64) }] } } }),
      "failed: shop.tgz: not what the file of sums beside it says",
    ],
    pending: [of("assets", { [id]: { items: [], listed: {} } }), "pending: nothing on the draft is named shop.tgz"],
    unknown: [of("assets", {}), "unknown: the files of the draft were not looked at yet"],
    stale: [
      of("assets", { "99": { items: [TGZ], listed: {} } }),
      "unknown: the files of the draft were not looked at yet",
    ],
    malformed: [
      of("assets", { [id]: { items: [{ ...TGZ, isUploaded: false }], listed: {} } }),
      "pending: shop.tgz is still being uploaded",
    ],
    "missing permission": [refused(`assets:${id}`), "unknown: 403"],
  },
  repositories: {
    passed: [asIs, "passed: acme/api 1.4.0: each is ready, or out"],
    failed: [offering({ lets: ["acme/other"] }), "failed: acme/api has no release that this plan may name"],
    pending: [
      offering({ open: [{ name: "checks", state: "pending", because: "lint still runs" }] }),
      "pending: acme/api 1.4.0: checks is pending (lint still runs)",
    ],
    unknown: [neighbours({ "acme/api": undefined }), "unknown: acme/api was not read yet"],
    stale: [offering({ version: "1.3.1" }), "pending: the next release of acme/api is 1.3.1, not 1.4.0"],
    malformed: [offering({ leads: true }), "failed: the plan of acme/api 1.4.0 names other repositories itself"],
    "missing permission": [neighbours({ "acme/api": UNSEEN }), "unknown: no repository is known"],
  },
  together: {
    passed: [led(leadOf(head)), "passed: it is its turn: goes out with acme/suite 2.5.0, as number 1 of 1"],
    failed: [
      led(leadOf("0".repeat(40))),
      "failed: goes out with acme/suite 2.5.0, as number 1 of 1, but with another commit",
    ],
    pending: [
      led(leadOf(head, { is: "stopped", at: 0, because: "a tag stands" })),
      "pending: goes out with acme/suite 2.5.0, as number 1 of 1, which stopped: a tag stands; nothing is out",
    ],
    unknown: [neighbours({ "acme/suite": undefined }), "unknown: what acme/suite plans was not read yet"],
    stale: [led(leadOf(head, { is: "asking" })), "pending: goes out with acme/suite 2.5.0"],
    malformed: [
      led(leadOf(head), leadOf(head)),
      "failed: the plans of acme/suite and acme/suite both name this release",
    ],
    "missing permission": [
      neighbours({ "acme/suite": UNSEEN }),
      "unknown: slipway.yml names acme/suite in plan.with, but no repository is known",
    ],
  },
  back: {
    passed: "what has reached the branch has no such gate",
    failed: [
      hotfix({ is: "closed", number: 57 }),
      "failed: the hotfix v1.0.1 has not reached main, and #57 was closed without a merge: merge v1.0.1 into main",
    ],
    pending: [hotfix({ is: "open", number: 57 }), "pending: the hotfix v1.0.1 has not reached main: merge #57"],
    unknown: [hotfix({ is: "asked" }), "pending: the hotfix v1.0.1 has not reached main: its pull request is being"],
    stale: [
      all(
        hotfix({ is: "reached", landed: sha(88) }),
        inLine((line) => {
          const { ledger } = line
          const last = ledger?.commits.at(-1)
          return ledger && last
            ? {
                ...line,
                ledger: { ...ledger, commits: [...ledger.commits, { ...last, sha: sha(88), landing: sha(88) }] },
              }
            : line
        }),
      ),
      "failed: the hotfix v1.0.1 reached main after this was cut: Re-cut takes it in",
    ],
    malformed: "Slipway itself writes the pull request",
    "missing permission": [
      hotfix({ is: "refused", because: "the App lacks `pull_requests: write`" }),
      "failed: the hotfix v1.0.1 has not reached main, and its pull request was refused (the App lacks",
    ],
  },
  approvals: {
    passed: [asIs, "passed: approved by ben: every change has four eyes"],
    failed: "an approval that is not there may still come",
    pending: [inRelease((r) => ({ ...r, approvals: [] })), "pending: waits for 1 approval"],
    unknown: [of("authorship", {}), "unknown: the authors of #12 could not be read"],
    stale: [
      inRelease((r) => ({ ...r, approvals: r.approvals.map((a) => ({ ...a, candidate: "0".repeat(24) })) })),
      "pending: waits for 1 approval",
    ],
    malformed: [
      written({ logins: ["ann"], ids: [], unknown: [{ sha: head, name: "Anna", because: "account" }] }),
      "unknown: #12: GitHub does not know who Anna is",
    ],
    "missing permission": [refused("standing:ben"), "pending: waits for 1 approval"],
  },
  hold: {
    passed: "a release that nobody holds has no such gate",
    failed: [
      inRelease((r) => ({ ...r, hold: { by: person("cleo"), at: NOW.toISOString() } })),
      "failed: cleo holds the release since",
    ],
    pending: "somebody holds it, or nobody",
    unknown: "somebody holds it, or nobody",
    stale: "a hold has no end of its own",
    malformed: "a click that is none is no signal",
    "missing permission": "reads nothing of its own",
  },
}

test.each(
  Object.entries(TABLES).flatMap(([gate, table]) =>
    Object.entries(table as Table & Record<string, Row>).flatMap(([column, row]) =>
      typeof row === "string" ? [] : [[gate, column, ...row] as const],
    ),
  ),
)("%s, %s", (name, column, so, says) => {
  const gates = gatesIn(so(ready.known))
  const found = gates.find((gate) => gate.name === name)
  expect(`${found?.state}: ${found?.because}`).toContain(says)
  if (column !== "passed") expect(found?.state).not.toBe("passed")
})
