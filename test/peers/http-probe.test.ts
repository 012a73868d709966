import { createServer, type RequestListener } from "node:http"
import { type AddressInfo, createServer as createSocketServer } from "node:net"
import { afterEach, expect, test } from "vitest"
import type { Probe } from "../../src/model/probe.ts"
import { createHttpProbe, type ProbeSettings } from "../../src/peers/http-probe.ts"
import { mayProbe, privateNetworks } from "../../src/peers/probe-addresses.ts"

const open: (() => void)[] = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening))
  open.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function serveRaw(answer: string): Promise<string> {
  const server = createSocketServer((socket) => {
    socket.on("error", () => undefined)
    socket.once("data", () => socket.end(answer))
  })
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening))
  open.push(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const LOOPBACK = privateNetworks("127.0.0.0/8")
const probing = (settings: Partial<ProbeSettings> = {}) =>
  createHttpProbe({ version: "1.2.3", allowed: LOOPBACK, ...settings })
const send = (probe: Partial<Probe> & { url: string }, settings: Partial<ProbeSettings> = {}) =>
  probing(settings)({ status: 200, within: 5, ...probe }, new AbortController().signal)

test("an answer with the status passes, and is asked for without anything that says who we are but our name", async () => {
  const seen: object[] = []
  const url = await serve((request, response) => {
    seen.push({ method: request.method, url: request.url, ...request.headers })
    response.end("all is well")
  })
  expect(await send({ url: `${url}/healthz?deep=1` })).toMatchObject({
    is: "passed",
    because: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/healthz answered 200 in \d+ ms$/),
  })
  expect(seen).toEqual([
    {
      method: "GET",
      url: "/healthz?deep=1",
      host: url.slice(7),
      "user-agent": "slipway/1.2.3",
      accept: "*/*",
      "accept-encoding": "identity",
      connection: "close",
    },
  ])
})

test.each<[string, Partial<Probe>, RequestListener, string, RegExp]>([
  ["another status", {}, (_, to) => to.writeHead(503).end(), "failed", /answered 503, not 200$/],
  ["the status that is asked for", { status: 404 }, (_, to) => to.writeHead(404).end(), "passed", /answered 404/],
  [
    "a redirect",
    {},
    (_, to) => to.writeHead(302, { location: "http://10.0.0.1/" }).end(),
    "failed",
    /302, .*not follow/,
  ],
  ["a redirect that is asked for", { status: 302 }, (_, to) => to.writeHead(302).end(), "passed", /302/],
  ["the text", { contains: "größer" }, (_, to) => to.end("ist größer."), "passed", /200/],
  ["another text", { contains: "größer" }, (_, to) => to.end("kleiner"), "failed", /without the text/],
  [
    "the text in two pieces",
    { contains: "all well" },
    (_, to) => void to.write("all w", () => setImmediate(() => to.end("ell"))),
    "passed",
    /200/,
  ],
  [
    "the text behind the first megabyte",
    { contains: "well" },
    (_, to) => to.end(`${" ".repeat(1024 * 1024)}well`),
    "failed",
    /without the text/,
  ],
  ["no answer in time", { within: 1 }, () => undefined, "failed", /did not answer within 1 s$/],
  ["a body without an end", { within: 1 }, (_, to) => void to.write("."), "failed", /did not answer within 1 s$/],
  [
    "a connection that ends",
    {},
    (request) => void request.socket.destroy(),
    "failed",
    /not be reached \(ECONNRESET\)$/,
  ],
  [
    "half an answer",
    {},
    (_, to) => void to.writeHead(200, { "content-length": 9 }).write("half", () => to.destroy()),
    "failed",
    /not be reached/,
  ],
])("%s", async (_, probe, answer, is, because) => {
  expect(await send({ url: await serve(answer), ...probe })).toMatchObject({
    is,
    because: expect.stringMatching(because),
  })
})

test.each([
  ["no HTTP", "SSH-2.0-OpenSSH_9.6\r\n"],
  ["headers without an end", `HTTP/1.1 200 OK\r\nx: ${"y".repeat(100_000)}`],
  ["another protocol", "HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n"],
])("%s fails", async (_, answer) => {
  expect(await send({ url: await serveRaw(answer), within: 2 })).toMatchObject({ is: "failed" })
})

test("a body without an end is not waited for beyond its first megabyte", async () => {
  const url = await serve((_, response) => {
    const more = (): void => void (response.destroyed || response.write("x".repeat(64 * 1024), more))
    more()
  })
  expect(await send({ url })).toMatchObject({ is: "passed" })
})

test("a server without TLS fails where https is asked for", async () => {
  const url = await serve((_, response) => response.end())
  expect(await send({ url: url.replace("http:", "https:") })).toMatchObject({ is: "failed" })
})

test("nobody who listens fails, and a name that nobody has cannot be asked", async () => {
  const url = await serve(() => undefined)
  for (const close of open.splice(0)) close()
  expect(await send({ url })).toMatchObject({ is: "failed", because: expect.stringContaining("(ECONNREFUSED)") })
  const resolve = () => Promise.reject(Object.assign(new Error("hush"), { code: "ENOTFOUND" }))
  expect(await send({ url: "http://nobody.example/" }, { resolve })).toEqual({
    is: "unknown",
    because: "the address of nobody.example could not be found (ENOTFOUND)",
  })
})

test.each([
  ["ftp://example.com/", "begin with"],
  ["https://lea:secret@example.com/", "credentials"],
  ["nonsense", "is none"],
])("%s is not asked", async (url, because) => {
  const { is, because: says } = await send({ url })
  expect([is, says]).toEqual(["unknown", expect.stringContaining(because)])
  expect(says).not.toContain("secret")
})

test("the address that was looked at is the one that is connected to", async () => {
  let asked = 0
  const url = new URL(await serve((request, response) => response.end(request.headers.host)))
  url.hostname = "staging.example"
  const resolve = async () => [{ address: asked++ === 0 ? "127.0.0.1" : "10.0.0.1", family: 4 }]
  expect(await send({ url: url.href, contains: "staging.example" }, { resolve })).toMatchObject({ is: "passed" })
  expect(asked).toBe(1)
})

test.each([
  ["an address of this machine", "http://127.0.0.1:1/", undefined],
  ["the same in another form", "http://0x7f.1:1/", undefined],
  ["the same in IPv6", "http://[::ffff:7f00:1]:1/", undefined],
  ["a name with one private address", "http://both.example/", ["93.184.215.14", "10.0.0.1"]],
  ["a name without an address", "http://none.example/", []],
])("%s is not connected to", async (_, url, addresses) => {
  const resolve = addresses && (async () => addresses.map((address) => ({ address, family: 4 })))
  const sent = await send({ url }, { allowed: privateNetworks(), ...(resolve ? { resolve } : {}) })
  expect(sent).toMatchObject({ is: "unknown", because: expect.stringContaining("SLIPWAY_PROBE_PRIVATE") })
})

test.each([
  ["93.184.215.14", true],
  ["2606:2800:21f:cb07:6820:80da:af6b:8b2c", true],
  ["127.0.0.1", false],
  ["10.255.255.255", false],
  ["172.16.0.1", false],
  ["172.32.0.1", true],
  ["192.168.1.1", false],
  ["169.254.169.254", false],
  ["168.63.129.16", false],
  ["100.64.0.1", false],
  ["0.0.0.0", false],
  ["224.0.0.1", false],
  ["255.255.255.255", false],
  ["::1", false],
  ["::", false],
  ["::ffff:93.184.215.14", false],
  ["::ffff:169.254.169.254", false],
  ["64:ff9b::a9fe:a9fe", false],
  ["2002:7f00:1::", false],
  ["2001:0:1::1", false],
  ["fe80::1", false],
  ["fe80::1%eth0", false],
  ["fd00::1", false],
  ["ff02::1", false],
  ["localhost", false],
])("%s may be probed: %s", (address, may) => {
  expect(mayProbe(address, privateNetworks())).toBe(may)
})

test("an operator opens networks, and never those that hand out credentials", () => {
  const allowed = privateNetworks("10.20.0.0/16 192.168.1.1,fd12::/16")
  const reached = ["10.20.3.4", "10.21.0.1", "192.168.1.1", "192.168.1.2", "fd12::7", "fd13::7"]
  expect(reached.filter((address) => mayProbe(address, allowed))).toEqual(["10.20.3.4", "192.168.1.1", "fd12::7"])
  const all = privateNetworks("0.0.0.0/0, ::/0")
  expect(mayProbe("127.0.0.1", all)).toBe(true)
  expect(mayProbe("fd00:43::1", all)).toBe(true)
  const never = ["169.254.169.254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "168.63.129.16", "fe80::1"]
  for (const address of [...never, "fd00:ec2::254", "fd00:42::42", "fd00:c1::a9fe:a9fe", "fd20:ce::254"])
    expect(mayProbe(address, all), address).toBe(false)
})

test("what ends the run ends the probe, and it has said nothing", async () => {
  const arrived = Promise.withResolvers<void>()
  const url = await serve(() => arrived.resolve())
  const run = new AbortController()
  const sent = probing()({ url, status: 200, within: 5 }, run.signal)
  await arrived.promise
  run.abort(new Error("the run ended"))
  await expect(sent).rejects.toThrow("the run ended")
})
