import { createServer, type RequestListener } from "node:http"
import type { AddressInfo } from "node:net"
import { afterEach, expect, test } from "vitest"
import { filledCall, type HttpCall } from "../../src/model/http-call.ts"
import { type CallSettings, createHttpCall } from "../../src/peers/http-call.ts"
import { privateNetworks } from "../../src/peers/probe-addresses.ts"

const open: (() => void)[] = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})

/** A receiver of calls on loopback: what it was sent, and its host with the port. */
async function receiver(answer: RequestListener = (_, response) => response.end()) {
  const seen: { method: string; url: string; headers: NodeJS.Dict<string | string[]>; body: string }[] = []
  const server = createServer((request, response) => {
    let body = ""
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on("end", () => {
      seen.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, body })
      answer(request, response)
    })
  })
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening))
  open.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return { seen, host, url: `http://${host}` }
}

const LOOPBACK = privateNetworks("127.0.0.0/8")
const send = (call: Partial<HttpCall> & { url: string }, settings: Partial<CallSettings> = {}) =>
  createHttpCall({ version: "1.2.3", allowed: LOOPBACK, secrets: {}, timeoutMs: 2_000, ...settings })(
    { method: "POST", headers: {}, ...call },
    "slipway-7-flag:1:1",
    new AbortController().signal,
  )
/** As the configuration writes it. */
const secret = ["$", "{KEY}"].join("")

test("a call is sent as it is described, under its own key", async () => {
  const { seen, host, url } = await receiver()
  const result = await send(
    {
      url: `${url}/flags/a`,
      method: "PATCH",
      headers: { Authorization: `Bearer ${secret}` },
      body: `{"key":"${secret}"}`,
    },
    { secrets: { KEY: { host, value: "s3cret" } } },
  )
  expect(result).toEqual({ is: "done", status: 200 })
  expect(seen).toMatchObject([
    {
      method: "PATCH",
      url: "/flags/a",
      body: '{"key":"s3cret"}',
      headers: {
        authorization: "Bearer s3cret",
        "content-type": "application/json",
        "idempotency-key": "slipway-7-flag:1:1",
        "user-agent": "slipway/1.2.3",
      },
    },
  ])
})

test.each<[number, string]>([
  [204, "done"],
  [302, "refused"],
  [400, "refused"],
  [401, "refused"],
  [404, "refused"],
  [408, "retry"],
  [429, "retry"],
  [500, "retry"],
  [503, "retry"],
])("an answer with %i is %s", async (status, is) => {
  const { url } = await receiver((_, response) => {
    response.statusCode = status
    response.setHeader("location", "http://127.0.0.1/elsewhere")
    response.end("a secret of theirs")
  })
  const result = await send({ url })
  expect(result.is).toBe(is)
  expect(JSON.stringify(result)).not.toContain("a secret of theirs")
})

test.each<[string, CallSettings["secrets"], RegExp]>([
  ["one that is not there", {}, /there is no secret KEY: who runs Slipway sets SLIPWAY_SECRET_KEY/],
  [
    "one of another host",
    { KEY: { host: "flags.example", value: "s3cret" } },
    /the secret KEY is for another host than 127/,
  ],
  ["what every object has", { constructor: { host: "x", value: "y" } }, /there is no secret KEY/],
])("no secret goes to a host that is not its own: %s", async (_, secrets, because) => {
  const { seen, url } = await receiver()
  const result = await send({ url, headers: { authorization: secret } }, { secrets })
  expect(result).toEqual({ is: "refused", because: expect.stringMatching(because) })
  expect(JSON.stringify(result)).not.toContain("s3cret")
  expect(seen).toEqual([])
})

test("a secret goes to the internet over TLS alone", async () => {
  const result = await send(
    { url: "http://flags.example/a", headers: { authorization: secret } },
    {
      secrets: { KEY: { host: "flags.example", value: "s3cret" } },
      resolve: async () => [{ address: "93.184.215.14", family: 4 }],
    },
  )
  expect(result).toEqual({ is: "refused", because: "the secret KEY is sent to https:// alone" })
})

test("an address that is not public is not called, unless who runs Slipway allows it", async () => {
  const { seen, url } = await receiver()
  expect(await send({ url }, { allowed: privateNetworks(undefined) })).toEqual({
    is: "refused",
    because: expect.stringContaining("127.0.0.1 is no public address"),
  })
  expect(seen).toEqual([])
})

test("who does not answer is asked again later", async () => {
  const { url } = await receiver(() => undefined)
  expect(await send({ url }, { timeoutMs: 50 })).toEqual({
    is: "retry",
    because: expect.stringContaining("did not answer within 0.05 s"),
  })
})

test("what somebody wrote stands inside of the string that it is filled into, and names no secret", () => {
  const call = filledCall(
    {
      url: "https://flags.example/{environment}?by={by}",
      method: "PUT",
      headers: {},
      body: `{"why":"{because}","key":"${secret}","none":"{nothing}"}`,
    },
    { environment: "pre prod/1", by: "a&b", because: `it is "bad"\n${secret}` },
  )
  expect(call.url).toBe("https://flags.example/pre%20prod%2F1?by=a%26b")
  expect(call.body).toContain(`"key":"${secret}","none":"{nothing}"`)
  expect(call.body?.split(secret)).toHaveLength(2)
  expect(JSON.parse(call.body ?? "")).toMatchObject({ why: `it is "bad"\n${secret}` })
})
