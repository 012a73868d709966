import { expect, test } from "vitest"
import { settle } from "../../src/decide/settle.ts"
import type { Signal } from "../../src/model/signal.ts"
import { report, sha } from "./support/truth.ts"

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 2, 9, 0, seconds))

const ended: Signal = { kind: "ended", effect: "e", of: "check", target: "t", outcome: { is: "done" }, at: "" }
const signals = {
  moved: {
    kind: "moved",
    branch: "main",
    advance: { before: "a", after: "b", forced: false, complete: true, commits: [] },
    files: [],
    deleted: false,
  },
  evidence: { kind: "evidence", sha: sha(1), report: report("test") },
  issue: { kind: "issue", number: 1, state: "closed" },
  edited: { kind: "release-edited", action: "edited", releaseId: "1", tag: "v1", draft: true, body: "", by: "ann" },
  clicked: {
    kind: "clicked",
    checkRun: "1",
    name: "",
    sha: sha(1),
    externalId: "",
    button: "approve",
    by: { login: "ann", id: "1", type: "User" },
    at: "",
  },
  deployed: {
    kind: "deployed",
    deployment: "1",
    environment: "production",
    sha: sha(1),
    ref: "",
    task: "",
    status: "1",
    state: "success",
    by: "ann",
    at: "",
  },
  look: { kind: "look", because: "" },
  uninstalled: { kind: "uninstalled" },
  ended,
} satisfies { [name: string]: Signal }

type Name = keyof typeof signals

test.each<[string, readonly (readonly [Name, number])[], number, number | undefined]>([
  ["a push waits for its partner", [["moved", 0]], 0, 2],
  [
    "the wait is counted from the first",
    [
      ["moved", 0],
      ["moved", 1],
    ],
    1,
    2,
  ],
  [
    "and never longer",
    [
      ["moved", 0],
      ["moved", 2],
    ],
    2,
    undefined,
  ],
  ["a moment before its end it still waits", [["evidence", 0]], 1, 2],
  [
    "a click is not kept waiting",
    [
      ["moved", 0],
      ["clicked", 0],
    ],
    0,
    undefined,
  ],
  ["a deployment is not kept waiting", [["deployed", 0]], 0, undefined],
  ["a look is not kept waiting", [["look", 0]], 0, undefined],
  ["an uninstallation is not kept waiting", [["uninstalled", 0]], 0, undefined],
  ["an outcome alone is decided on", [["ended", 0]], 0, undefined],
  [
    "an outcome does not hurry a burst",
    [
      ["ended", 0],
      ["moved", 1],
    ],
    1,
    3,
  ],
  [
    "edits and issues gather",
    [
      ["edited", 0],
      ["issue", 0],
    ],
    0,
    2,
  ],
  ["nothing pends", [], 0, undefined],
])("%s", (_, pending, now, until) => {
  const list = pending.map(([name, received]) => ({ signal: signals[name], receivedAt: at(received) }))
  expect(settle(list, at(now))).toEqual(until === undefined ? undefined : at(until))
})
