import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import fc from "fast-check"
import { afterAll, beforeAll, expect, test } from "vitest"
import { createHttpCall } from "../../src/peers/http-call.ts"
import { createHttpProbe } from "../../src/peers/http-probe.ts"
import { createKubernetes } from "../../src/peers/kubernetes.ts"
import { privateNetworks } from "../../src/peers/probe-addresses.ts"
import { hostileText } from "./corpus.ts"
import { fuzzAsync } from "./fuzz.ts"

/** Addresses in a configuration: whatever is written, nothing on this machine or in its network is asked. */
let asked = 0
let port = 0
const server = createServer((_, response) => {
  asked += 1
  response.end("a secret of this network")
})
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, "0.0.0.0", done))
  port = (server.address() as AddressInfo).port
})
afterAll(() => void server.close())

const settings = { version: "1", allowed: privateNetworks(), secrets: {}, timeoutMs: 200 }
const [probe, call, cluster] = [createHttpProbe(settings), createHttpCall(settings), createKubernetes(settings)]
const never = new AbortController().signal

const octet = fc.nat(255)
const within = (...fixed: number[]) =>
  fc.tuple(...Array.from({ length: 4 }, (_, at) => (at < fixed.length ? fc.constant(fixed[at] ?? 0) : octet)))
/** An address of no public network: https://www.iana.org/assignments/iana-ipv4-special-registry */
const inside = fc.oneof(
  ...[
    within(127),
    within(127, 0, 0, 1),
    within(10),
    within(192, 168),
    within(169, 254, 169, 254),
    within(0),
    within(100, 64),
  ],
  fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), octet, octet),
)
const hex = (n: number) => n.toString(16).padStart(2, "0")
/** The ways to write one: as the WHATWG URL standard reads hosts, by what carries IPv4 in IPv6, and by names that mean it. */
const written = fc.tuple(inside, fc.nat(13)).map(([[a = 0, b = 0, c = 0, d = 0], way]) => {
  const number = ((a << 24) >>> 0) + (b << 16) + (c << 8) + d
  const six = `${hex(a)}${hex(b)}:${hex(c)}${hex(d)}`
  const ways = [
    `${a}.${b}.${c}.${d}`,
    String(number),
    `0x${number.toString(16)}`,
    `0${number.toString(8)}`,
    `0x${hex(a)}.0x${hex(b)}.${c}.${d}`,
    `0${a.toString(8)}.0${b.toString(8)}.0${c.toString(8)}.0${d.toString(8)}`,
    `${a}.${(b << 16) + (c << 8) + d}`,
    `${a}.${b}.${c}.${d}.`,
    `[::ffff:${a}.${b}.${c}.${d}]`,
    `[::${six}]`,
    `[64:ff9b::${six}]`,
    `[2002:${six}::1]`,
    `%3${a % 10}.${b}.${c}.${d}`.replace(/^%3\d/, `${a}`),
    ["localhost", "[::1]", "[::]", "[fe80::1]", "[fd00:ec2::254]", "０x7f.1", "①②⑦.0.0.1", "127。0。0。1"][d % 8] ?? "",
  ]
  return ways[way] ?? ""
})
const path = fc.oneof(fc.constantFrom("/", "/latest/meta-data/", "/?a", "#", ""), hostileText)
const url = fc.oneof(
  fc
    .tuple(fc.constantFrom("http://", "https://", "HTTP:\\\\", "http:", "http:////"), written, path)
    .map(([scheme, host, rest]) => `${scheme}${host}:${port}${rest}`),
  fc.tuple(hostileText, written).map(([name, host]) => `http://${name}@${host}:${port}/`),
  fc.tuple(written, hostileText).map(([host, rest]) => `http://${host}:${port}\\@${rest}`),
  fc.constantFrom(
    "file:///etc/passwd",
    "gopher://127.0.0.1/",
    "ftp://127.0.0.1/",
    "data:text/plain,x",
    "javascript:alert(1)",
    "unix:/var/run/docker.sock",
    "//127.0.0.1/",
  ),
  hostileText,
)

test("a probe, a call and a cluster reach none of them", async () => {
  await fuzzAsync(url, 250, async (address) => {
    expect((await probe({ url: address, status: 200, within: 1 }, never)).is).not.toBe("passed")
    expect((await call({ method: "POST", url: address, headers: {}, body: "{}" }, "key", never)).is).not.toBe("done")
    expect(
      (await cluster({ place: { server: address, namespace: "a", deployment: "b" } as never, path: "/apis" }, never))
        .is,
    ).not.toBe("answer")
  })
  expect(asked).toBe(0)
})

test("it is this that keeps them out: opened, they are reached", async () => {
  const open = createHttpProbe({ ...settings, allowed: privateNetworks("127.0.0.0/8") })
  expect(await open({ url: `http://0x7f000001:${port}/`, status: 200, within: 5 }, never)).toMatchObject({
    is: "passed",
  })
  expect(asked).toBe(1)
})
