import { createServer, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { expect, test } from "vitest"
import { createSlack } from "../../src/peers/slack.ts"

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
