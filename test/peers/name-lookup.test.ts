import { createSocket } from "node:dgram"
import { lookup } from "node:dns/promises"
import { afterEach, expect, test } from "vitest"
import { createHttpProbe } from "../../src/peers/http-probe.ts"
import { type Address, createNameLookup } from "../../src/peers/name-lookup.ts"
import { privateNetworks } from "../../src/peers/probe-addresses.ts"
import { createPrometheus } from "../../src/peers/prometheus.ts"

const open: (() => void)[] = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})

/** A DNS server that hears every question; what it answers, if anything, is the question with another head. */
async function serveDns(reply?: (question: Buffer) => Buffer): Promise<{ servers: string[]; asked: () => number }> {
  const socket = createSocket("udp4")
  let asked = 0
  socket.on("message", (question, from) => {
    asked += 1
    if (reply) socket.send(reply(question), from.port, from.address)
  })
  await new Promise<void>((bound) => socket.bind(0, "127.0.0.1", bound))
  open.push(() => socket.close())
  return { servers: [`127.0.0.1:${socket.address().port}`], asked: () => asked }
}
/** RFC 1035, section 4.1.1: an answer, with a code. */
const answering =
  (code: number, records = 0, data = Buffer.alloc(0)) =>
  (question: Buffer) => {
    const head = Buffer.from(question.subarray(0, 12))
    head.writeUInt16BE(0x8180 | code, 2)
    head.writeUInt16BE(records, 6)
    head.writeUInt32BE(0, 8)
    const end = question.indexOf(0, 12) + 5
    return Buffer.concat([head, question.subarray(12, end), data])
  }
const NO_SUCH_NAME = answering(3)
/** An A record of the name that was asked for. */
const standsFor =
  (...address: number[]) =>
  (question: Buffer) =>
    question.readUInt16BE(question.indexOf(0, 12) + 1) === 1
      ? answering(0, 1, Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address]))(question)
      : answering(0)(question)
const never = new AbortController().signal
const HOME: readonly Address[] = [{ address: "127.0.0.1", family: 4 }]

test("a resolver that never answers holds up neither files nor names of others, and each name has its own time", async () => {
  const { servers, asked } = await serveDns()
  const { byDns, asMachine } = createNameLookup({ servers, withinMs: 300 })
  const send = createHttpProbe({ version: "1", allowed: privateNetworks(), resolve: byDns })
  let isAnyDone = false
  const probes = Array.from({ length: 16 }, async (_, at) => {
    const result = await send({ url: `http://slow${at}.example/`, status: 200, within: 5 }, never)
    isAnyDone = true
    return result
  })
  const metrics = createPrometheus({ url: "http://metrics.example", requestTimeoutMs: 5_000, find: asMachine })
  const measured = metrics.value("up", new Date())
  // As many as there are threads: none of them waits for one.
  await Promise.all(Array.from({ length: 4 }, () => lookup("localhost")))
  expect(isAnyDone).toBe(false)
  for (const [at, result] of (await Promise.all(probes)).entries())
    expect(result).toEqual({ is: "unknown", because: `the address of slow${at}.example could not be found (ETIMEOUT)` })
  expect(await measured).toEqual({ is: "none", because: "the metrics server could not be asked: ETIMEOUT" })
  expect(asked()).toBeGreaterThanOrEqual(34)
})

test("what waits for a slow look-up of the machine's own waits no longer than its time, and then the next one has its turn", async () => {
  const ends: (() => void)[] = []
  const system = (host: string) =>
    host === "quick" ? Promise.resolve(HOME) : new Promise<readonly Address[]>((done) => ends.push(() => done(HOME)))
  const { asMachine } = createNameLookup({ system, withinMs: 100 })
  const found = await Promise.allSettled(["slow", "slower", "quick"].map((host) => asMachine(host, never)))
  expect(found.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"])
  for (const end of ends) end()
  expect(ends).toHaveLength(2)
  expect(await asMachine("quick", never)).toEqual(HOME)
})

test.each<[string, (question: Buffer) => Buffer, "byDns" | "asMachine", object]>([
  ["a name that DNS knows", standsFor(192, 0, 2, 7), "byDns", { value: [{ address: "192.0.2.7", family: 4 }] }],
  ["the same, as the machine", standsFor(192, 0, 2, 7), "asMachine", { value: [{ address: "192.0.2.7", family: 4 }] }],
  ["a name that only the machine knows", NO_SUCH_NAME, "asMachine", { value: HOME }],
  ["the same, by DNS alone", NO_SUCH_NAME, "byDns", { reason: { code: "ENOTFOUND" } }],
])("%s", async (_, reply, how, expected) => {
  const { servers } = await serveDns(reply)
  const names = createNameLookup({ servers, system: async () => HOME, withinMs: 2_000 })
  const [found] = await Promise.allSettled([names[how]("staging.example", never)])
  expect(found).toMatchObject(expected)
})

test.each([
  ["127.0.0.1", 4],
  ["::1", 6],
])("%s is an address already", async (address, family) => {
  const { servers, asked } = await serveDns()
  expect(await createNameLookup({ servers }).byDns(address, never)).toEqual([{ address, family }])
  expect(asked()).toBe(0)
})

test("a run that ends takes its look-ups with it", async () => {
  const { servers } = await serveDns()
  const ending = new AbortController()
  const found = createNameLookup({ servers }).byDns("slow.example", ending.signal)
  ending.abort(new Error("the run is over"))
  await expect(found).rejects.toThrow("the run is over")
})
