import { createServer, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { expect, test } from "vitest"
import { createAct } from "../../src/act/act.ts"
import { createSlack } from "../../src/peers/slack.ts"
import { apply, effect, noCall, noCheckpoint, noRecords } from "./stage.ts"

test.each([
  ["nothing at all", () => {}],
  [
    "half an answer",
    (response: ServerResponse) => response.writeHead(200, { "content-length": "100" }).write('{"ok":'),
  ],
  [
    "half an answer and the end",
    (response: ServerResponse) => {
      response.writeHead(200, { "content-length": "100" }).write('{"ok":', () => response.destroy())
    },
  ],
])("%s in time is a reason to ask again later", async (_, answer) => {
  const server = createServer((_request, response) => void answer(response))
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`
  const slack = createSlack({ apiUrl, log: { warn() {} }, requestTimeoutMs: 50 }).client("xoxb-1")
  expect(await slack.recent("C1")).toMatchObject({ is: "retry", because: expect.stringMatching(/^Slack/) })
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

test("an attempt that was given up while it looked does not speak after all", async () => {
  const given = new AbortController()
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? "")
    response.writeHead(200, { "content-type": "application/json" })
    // The look is answered, but too late.
    given.abort(new Error("no answer within 50 ms"))
    response.end(JSON.stringify({ ok: true, messages: [] }))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`
  const slack = createSlack({ apiUrl, log: { warn() {} }, requestTimeoutMs: 5_000 }).client("xoxb-1")
  const act = createAct({
    github: {} as never,
    slack: { for: () => slack },
    checkpoint: noCheckpoint,
    records: noRecords,
    call: noCall,
  })
  const repo = { id: "11", owner: "acme", name: "shop", defaultBranch: "main", private: false, installation: "1" }
  const reply = { is: "held", by: "lea", at: "2026-11-21T09:14:00Z" } as const
  const said = effect("reply", "reply:3:held", { channel: "#releases", thread: "thread:3", reply })
  const handles = { "thread:3": { id: "100.1", extra: { channel: "C0RELEASES" } } }
  const outcome = await apply(act, repo, said, { handles, mayHaveHappened: true, signal: given.signal })
  expect(outcome).toMatchObject({ is: "retry" })
  expect(asked).toEqual(["/api/conversations.replies"])
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})
