import { createHmac } from "node:crypto"
import { connect } from "node:net"
import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { isStorableText } from "../../src/model/storable.ts"
import { drillRequest } from "../../src/signals/drill-request.ts"
import { fluxReport, report } from "../../src/signals/report.ts"
import { translate } from "../../src/signals/translate.ts"
import { WEBHOOK_PATH } from "../../src/web/webhook.ts"
import { examplesOf } from "../signals/payloads.ts"
import { openDoor, SECRET } from "../web/door.ts"
import { CORPUS, hostileJson, hostileText, mutated, textsIn } from "./corpus.ts"
import { fuzz, fuzzAsync } from "./fuzz.ts"

/** Whatever comes as a webhook: an answer, and nothing that could not be kept. */
const EVENTS = [
  ...[
    "push",
    "pull_request",
    "issues",
    "check_run",
    "check_suite",
    "status",
    "deployment",
    "deployment_status",
    "release",
  ],
  ...["workflow_run", "repository", "installation", "installation_repositories"],
]
const HEARD = { appId: "29310", apiUrl: "https://api.github.com", at: "2026-11-21T09:00:00Z", delivery: "d" }

const webhook = fc
  .constantFrom(...EVENTS.flatMap((event) => examplesOf(event).map((payload) => ({ event, payload }))))
  .chain(({ event, payload }) => mutated(payload).map((changed) => ({ event, payload: changed })))

const keepable = (value: unknown): void => {
  expect(textsIn(value).filter((text) => !isStorableText(text))).toEqual([])
}

test("what an event says is words that can be kept, or what it lacks", () => {
  fuzz(webhook, 1_500, ({ event, payload }) => translate({ ...HEARD, event, payload }), keepable)
})

test("anything at all under any event's name is understood, or said to be malformed", () => {
  const event = fc.oneof(fc.constantFrom(...EVENTS), hostileText)
  const any = fc.record({ event, payload: hostileJson })
  fuzz(any, 1_000, ({ event, payload }) => translate({ ...HEARD, event, payload }), keepable)
})

const by = { id: "t1", name: "argo" }
const told = { id: "r1", environment: "staging", version: "1.0.0", at: "2026-11-30T10:00:00Z", url: "https://a.test" }
const NOW = new Date("2026-11-30T10:00:30Z")
const FLUX = {
  involvedObject: { kind: "Kustomization", name: "shop", namespace: "apps", uid: "u1" },
  severity: "info",
  reason: "ReconciliationSucceeded",
  timestamp: "2026-11-30T10:00:00Z",
  metadata: { environment: "staging", revision: `v1.0.0@sha1:${"a".repeat(40)}`, component: "api" },
}

test("a report of a system that deploys is taken as it is meant, or refused", () => {
  const body = fc.oneof(
    mutated({ ...told, status: "failure", sha: "a".repeat(40), artifact: ["x@sha256:1"] }).map((it) =>
      JSON.stringify(it),
    ),
    mutated(FLUX).map((it) => JSON.stringify(it)),
    hostileJson.map((it) => JSON.stringify(it) ?? ""),
    hostileText,
  )
  fuzz(body, 1_000, (text) => [report(text, by, NOW), fluxReport(text, by, NOW), drillRequest(text, by, NOW)], keepable)
})

describe("at the door", () => {
  let door: Awaited<ReturnType<typeof openDoor>>
  beforeAll(async () => {
    door = await openDoor({ limits: { headersMs: 500, requestMs: 500, checkMs: 50 } })
  })
  afterAll(() => door.close())

  const stands = async () => {
    expect((await fetch(`${door.url}/healthz`)).status).toBe(200)
    expect(door.lines.filter(({ level }) => level >= 50)).toEqual([])
  }

  test("a signed webhook of anything is answered, and never by an error of ours", async () => {
    await fuzzAsync(webhook, 150, async ({ event, payload }) => {
      const { status } = await door.send({ event, payload })
      expect([202, 422]).toContain(status)
    })
    await stands()
  })

  test("signed bytes that are no webhook are refused", async () => {
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      hostileText.map((text) => Buffer.from(text)),
    )
    await fuzzAsync(body, 150, async (bytes) => {
      const { status } = await door.send({ event: "push", body: new Uint8Array(bytes) })
      expect([400, 422]).toContain(status)
    })
    await stands()
    expect(door.deliveries.every((one) => textsIn(one.signals).every(isStorableText))).toBe(true)
  })

  test("headers of anything let nothing in that is not signed", async () => {
    const { hostname, port } = new URL(door.url)
    const known = door.deliveries.length
    const name = fc.constantFrom(
      "x-github-event",
      "x-github-delivery",
      "x-hub-signature-256",
      "content-type",
      "host",
      "expect",
    )
    const value = fc.oneof(fc.constantFrom(...CORPUS), fc.string({ unit: "binary", maxLength: 30 }))
    const headers = fc.array(fc.tuple(name, value), { maxLength: 6 })
    const body = Buffer.from("{}")
    const signature = createHmac("sha256", `${SECRET}!`).update(body).digest("hex")
    await fuzzAsync(headers, 60, async (given) => {
      const lines = given.map(([key, text]) => `${key}: ${text}\r\n`).join("")
      const socket = connect(Number(port), hostname)
      socket.on("error", () => undefined)
      const answer = new Promise<string>((resolve) => {
        let said = ""
        socket.on("data", (chunk) => {
          said += chunk
        })
        socket.on("close", () => resolve(said))
      })
      socket.end(
        `POST ${WEBHOOK_PATH} HTTP/1.1\r\n${lines}host: x\r\nconnection: close\r\nx-hub-signature-256: sha256=${signature}\r\ncontent-length: 2\r\n\r\n{}`,
      )
      expect(await answer).toMatch(/^(?:HTTP\/1\.1 (?:100 Continue\r\n\r\nHTTP\/1\.1 )?4\d\d |$)/)
    })
    expect(door.deliveries).toHaveLength(known)
    await stands()
  })
})
