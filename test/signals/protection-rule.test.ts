import { expect, test } from "vitest"
import { translate } from "../../src/signals/translate.ts"
import { example, REPO } from "./payloads.ts"

const A = "a".repeat(40)
const CALLBACK = "https://api.github.com/repos/Codertocat/Hello-World/actions/runs/77/deployment_protection_rule"

/** GitHub publishes no example: the parts that all events have are those of a deployment. */
function asked(changes: object = {}, apiUrl = "https://api.github.com") {
  const { repository, sender, installation } = example("deployment", "created")
  const payload = {
    action: "requested",
    environment: "production",
    event: "workflow_dispatch",
    deployment_callback_url: CALLBACK,
    deployment: { id: 9, sha: A, ref: "v1.0.0" },
    pull_requests: [],
    repository,
    sender,
    installation,
    ...changes,
  }
  return translate({
    event: "deployment_protection_rule",
    delivery: "d",
    payload,
    appId: "1",
    apiUrl,
    at: "2026-11-21T08:00:00.000Z",
  })
}

const SIGNAL = {
  kind: "requested",
  run: "77",
  environment: "production",
  event: "workflow_dispatch",
  deployment: "9",
  sha: A,
  ref: "v1.0.0",
  by: "Codertocat",
  at: "2026-11-21T08:00:00.000Z",
}

test.each<[string, object, object]>([
  ["the run from the callback's address", {}, {}],
  ["an address in other letters", { deployment_callback_url: CALLBACK.replace("Codertocat", "codertocat") }, {}],
  ["no deployment", { deployment: null }, { deployment: "", sha: null, ref: "" }],
  ["no event", { event: undefined }, { event: "" }],
])("%s", (_, changes, expected) => {
  expect(asked(changes)).toEqual({
    is: "signals",
    repo: expect.objectContaining(REPO),
    signals: [{ ...SIGNAL, ...expected }],
  })
})

test("the address of an Enterprise Server", () => {
  const apiUrl = "https://github.acme.example/api/v3/"
  const url = CALLBACK.replace("https://api.github.com", "https://github.acme.example/api/v3")
  expect(asked({ deployment_callback_url: url }, apiUrl)).toMatchObject({ is: "signals", signals: [{ run: "77" }] })
  expect(asked({}, apiUrl)).toMatchObject({ is: "malformed", field: "deployment_callback_url" })
})

test.each<[string, string]>([
  ["another host", CALLBACK.replace("api.github.com", "api.github.com.evil.example")],
  ["another repository", CALLBACK.replace("Hello-World", "other")],
  ["a way up", CALLBACK.replace("77", "77/../78")],
  ["no number", CALLBACK.replace("77", "x")],
  ["a number without end", CALLBACK.replace("77", "7".repeat(16))],
  ["more behind it", `${CALLBACK}?x=1`],
  ["a megabyte", `${CALLBACK}${"x".repeat(1_000_000)}`],
])("%s is no address of a run of ours", (_, url) => {
  expect(asked({ deployment_callback_url: url })).toMatchObject({ is: "malformed", field: "deployment_callback_url" })
})

test("a SHA that is none is malformed", () => {
  expect(asked({ deployment: { id: 9, sha: "main", ref: "x" } })).toMatchObject({
    is: "malformed",
    field: "deployment.sha",
  })
})
