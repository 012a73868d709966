import type { AddressInfo } from "node:net"
import { createServer, type Server, type Socket } from "node:net"
import { getCACertificates, setDefaultCACertificates } from "node:tls"
import { afterEach, describe, expect, test } from "vitest"
import { CERTIFICATE } from "../../demo/peers/smtp/certificate.ts"
import { type SmtpPeer, startSmtp } from "../../demo/peers/smtp/server.ts"
import { createNameLookup } from "../../src/peers/name-lookup.ts"
import { createSmtp } from "../../src/peers/smtp.ts"
import type { Letter } from "../../src/peers/smtp-conversation.ts"
import { smtpServerOf } from "../../src/peers/smtp-server.ts"

const LETTER: Letter = {
  id: "<one.published@acme.example>",
  follows: ["<one@acme.example>"],
  from: { name: "Releases", address: "releases@acme.example" },
  to: "lea@acme.example",
  subject: "Re: shop 2.5.0",
  text: "It is out.\n.\nA line with a single dot stands above.",
  html: "<p>It is out.</p>",
  date: new Date("2026-11-30T10:00:00Z"),
}

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

async function peer(...options: Parameters<typeof startSmtp>): Promise<SmtpPeer> {
  const started = await startSmtp(...options)
  stops.push(started.stop)
  return started
}

const client = (url: string, requestTimeoutMs = 5_000) =>
  createSmtp({ requestTimeoutMs, find: createNameLookup().asMachine })(url)
const send = (url: string, letter: Partial<Letter> = {}, within?: number) =>
  client(url, within).send({ ...LETTER, ...letter }, AbortSignal.timeout(30_000))

test.each([
  ["smtp://mail", { host: "mail", port: 587, tls: "if offered" }],
  ["smtp://mail:25/", { host: "mail", port: 25, tls: "if offered" }],
  ["smtps://mail", { host: "mail", port: 465, tls: "at once" }],
  ["smtp://lea:p%40ss@mail", { tls: "before anything", credentials: { user: "lea", pass: "p@ss" } }],
  ["smtp://lea:pass@localhost", { tls: "if offered" }],
  ["smtp://lea:pass@127.0.0.1:25", { tls: "if offered" }],
  ["smtp://lea:pass@[::1]:25", { host: "::1", tls: "if offered" }],
  ["smtp://lea:pass@127.example.com", { tls: "before anything" }],
])("%s", (url, expected) => {
  expect(smtpServerOf(url)).toMatchObject(expected)
})

test("a letter arrives as it was written", async () => {
  const { port, mails } = await peer()
  expect(await send(`smtp://127.0.0.1:${port}`, { subject: "Re: Größe 2.5.0 🚀 ".repeat(12).trim() })).toEqual({
    is: "taken",
  })
  const [mail, ...more] = mails
  expect(more).toEqual([])
  expect(mail).toMatchObject({
    from: "releases@acme.example",
    to: ["lea@acme.example"],
    text: LETTER.text,
    html: LETTER.html,
    headers: {
      "message-id": "<one.published@acme.example>",
      "in-reply-to": "<one@acme.example>",
      references: "<one@acme.example>",
      from: "Releases <releases@acme.example>",
      to: "lea@acme.example",
      subject: "Re: Größe 2.5.0 🚀 ".repeat(12).trim(),
      date: "Mon, 30 Nov 2026 10:00:00 +0000",
      "auto-submitted": "auto-generated",
    },
  })
  expect(mail?.source.split("\r\n").every((line) => line.length <= 998)).toBe(true)
})

describe("TLS", () => {
  const trusted = getCACertificates()
  afterEach(() => setDefaultCACertificates(trusted))

  test.each([
    ["from the start", "smtps", "at once"],
    ["by STARTTLS", "smtp", "offered"],
  ] as const)("%s, with a password, and a certificate that is trusted", async (_, scheme, tls) => {
    setDefaultCACertificates([...trusted, CERTIFICATE])
    const { port, mails } = await peer({ tls, password: "p@ss" })
    expect(await send(`${scheme}://lea:p%40ss@localhost:${port}`)).toEqual({ is: "taken" })
    expect(mails).toMatchObject([{ secure: true, user: "lea" }])
  })

  test.each([
    ["from the start", "smtps", "at once"],
    ["by STARTTLS", "smtp", "offered"],
  ] as const)("%s: a certificate that is not trusted ends it", async (_, scheme, tls) => {
    const { port, mails } = await peer({ tls })
    expect(await send(`${scheme}://127.0.0.1:${port}`)).toMatchObject({
      is: "refused",
      what: "sender",
      because: expect.stringMatching(
        /certificate that is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\).*NODE_EXTRA_CA_CERTS/,
      ),
    })
    expect(mails).toEqual([])
  })

  test("a certificate of another host ends it", async () => {
    setDefaultCACertificates([...trusted, CERTIFICATE])
    const { port } = await peer({ tls: "at once" })
    const find = async () => [{ address: "127.0.0.1", family: 4 }]
    const elsewhere = createSmtp({ requestTimeoutMs: 5_000, find })(`smtps://mail.acme.example:${port}`)
    expect(await elsewhere.send(LETTER, AbortSignal.timeout(30_000))).toMatchObject({
      is: "refused",
      because: expect.stringContaining("ERR_TLS_CERT_ALTNAME_INVALID"),
    })
  })

  test("no password is sent in the clear", async () => {
    const { port, mails } = await peer({ password: "p@ss" })
    const find = async () => [{ address: "127.0.0.1", family: 4 }]
    const elsewhere = createSmtp({ requestTimeoutMs: 5_000, find })(`smtp://lea:p%40ss@mail.acme.example:${port}`)
    const said = await elsewhere.send(LETTER, AbortSignal.timeout(30_000))
    expect(said).toMatchObject({ is: "refused", what: "sender", because: expect.stringContaining("no STARTTLS") })
    expect(mails).toEqual([])
  })
})

test("a password that is wrong is said, and not shown", async () => {
  const { port } = await peer({ password: "right" })
  const said = await send(`smtp://lea:wr0ng%21@127.0.0.1:${port}`)
  expect(said).toMatchObject({ is: "refused", what: "sender", because: expect.stringContaining("SMTP_URL") })
  expect(JSON.stringify(said)).not.toContain("wr0ng!")
})

// As Sendmail does with a command that it does not know.
test("a server that says the sign-in back shows nobody the password", async () => {
  const server = createServer((socket) => {
    socket.on("error", () => undefined)
    socket.on("data", (chunk) => {
      const line = chunk.toString().trim()
      socket.write(line.startsWith("EHLO") ? "250 mail\r\n" : `500 5.5.1 Command unrecognized: "${line}"\r\n`)
    })
    socket.write("220 mail\r\n")
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  stops.push(() => new Promise((resolve) => server.close(() => resolve())))
  for (const user of ["l", "le", "lea"]) {
    const said = await send(`smtp://${user}:wr0ng%21secret@127.0.0.1:${(server.address() as AddressInfo).port}`)
    expect(said).toMatchObject({ is: "refused", because: expect.stringContaining("Command unrecognized") })
    const { because } = said as { because: string }
    const shown = because.split(/[^A-Za-z0-9+/=]+/).map((word) => Buffer.from(word, "base64").toString())
    expect([because, ...shown].filter((text) => text.includes("wr0ng!secret"))).toEqual([])
  }
})

test.each([
  ["receiver", "550 5.1.1 no such mailbox", { is: "refused", what: "receiver" }],
  ["receiver", "450 4.2.0 greylisted", { is: "later", certain: true }],
  ["sender", "553 5.7.1 not yours", { is: "refused", what: "sender" }],
  ["sender", "451 4.3.0 busy", { is: "later", certain: true }],
  ["letter", "554 5.7.1 spam", { is: "refused", what: "letter" }],
  ["letter", "452 4.3.1 no room", { is: "later", certain: true }],
])("the %s is answered %s", async (what, said, expected) => {
  const { port, mails } = await peer({ [what]: () => said })
  expect(await send(`smtp://127.0.0.1:${port}`)).toMatchObject({
    ...expected,
    because: expect.stringContaining(said.slice(4)),
  })
  expect(mails).toEqual([])
})

test("what a server says is shown as one line, and not all of it", async () => {
  const { port } = await peer({ receiver: () => `550 ${"a\u0007b ".repeat(500)}` })
  const said = await send(`smtp://127.0.0.1:${port}`)
  expect(said).toMatchObject({ is: "refused" })
  const { because } = said as { because: string }
  expect(because.length).toBeLessThan(500)
  expect(because).not.toContain("\u0007")
})

/** A server that says nothing but what it was told to, and then hangs up or is silent. */
async function crude(answers: readonly string[], then: "hangs up" | "is silent" | "says it"): Promise<number> {
  const open: Socket[] = []
  const server: Server = createServer((socket) => {
    open.push(socket)
    socket.on("error", () => undefined)
    const left = [...answers]
    const next = () => {
      const answer = left.shift()
      if (answer !== undefined) socket.write(`${answer}\r\n`)
      if (left.length === 0 && then === "hangs up") socket.end()
    }
    let isLetter = false
    socket.on("data", (chunk) => {
      const text = chunk.toString()
      if (isLetter && !text.endsWith("\r\n.\r\n")) return
      isLetter = text === "DATA\r\n"
      next()
    })
    next()
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  stops.push(
    () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy()
        server.close(() => resolve())
      }),
  )
  return (server.address() as AddressInfo).port
}

test.each([
  ["greets with a refusal", ["554 5.3.2 closed"], "says it", { is: "refused", what: "sender" }],
  ["hangs up at the greeting", ["220 hello"], "hangs up", { is: "later", certain: true }],
  ["hangs up at the receiver", ["220 hello", "250 mail", "250 ok"], "hangs up", { is: "later", certain: true }],
  [
    "hangs up over the letter",
    ["220 hello", "250 mail", "250 ok", "250 ok", "354 go on"],
    "hangs up",
    { is: "later", certain: false },
  ],
  ["says what is no SMTP", ["HTTP/1.1 400 Bad Request"], "says it", { is: "later", certain: true }],
] as const)("a server that %s", async (_, answers, then, expected) => {
  const port = await crude(answers, then)
  expect(await send(`smtp://127.0.0.1:${port}`)).toMatchObject(expected)
})

test("a server that is not there, and one that never greets", async () => {
  const gone = await peer()
  await gone.stop()
  expect(await send(`smtp://127.0.0.1:${gone.port}`)).toMatchObject({ is: "later", certain: true })
  const silent = await crude([], "is silent")
  expect(await send(`smtp://127.0.0.1:${silent}`, {}, 200)).toMatchObject({ is: "later", certain: true })
})

test("a server that takes longer than an attempt may is not sent the same letter twice", async () => {
  const taken = Promise.withResolvers<undefined>()
  const { port, mails, connections } = await peer({ letter: () => taken.promise })
  const smtp = client(`smtp://127.0.0.1:${port}`)
  const first = new AbortController()
  const attempt = smtp.send(LETTER, first.signal)
  await expect.poll(connections).toBe(1)
  first.abort(new Error("no answer within 8000 ms"))
  await expect(attempt).rejects.toThrow("no answer within")
  const second = smtp.send(LETTER, AbortSignal.timeout(30_000))
  taken.resolve(undefined)
  expect(await second).toEqual({ is: "taken" })
  expect(mails).toHaveLength(1)
  expect(await smtp.send({ ...LETTER, to: "kim@acme.example" }, AbortSignal.timeout(30_000))).toEqual({ is: "taken" })
  expect(mails.map(({ to }) => to)).toEqual([["lea@acme.example"], ["kim@acme.example"]])
})

test.each([
  ["a receiver that is two commands", { to: "a@acme.example>\r\nRCPT TO:<b@acme.example" }],
  ["a sender that is two commands", { from: { name: "", address: "a@acme.example>\r\nRCPT TO:<b@acme.example" } }],
])("%s reaches nobody", async (_, letter) => {
  const { port, mails } = await peer()
  expect(await send(`smtp://127.0.0.1:${port}`, letter)).not.toEqual({ is: "taken" })
  expect(mails).toEqual([])
})

test.each([
  ["subject", { subject: "2.5.0\r\nBcc: eve@evil.example\r\n\r\nhello" }],
  ["name", { from: { name: 'R\r\nBcc: eve@evil.example "', address: "releases@acme.example" } }],
  ["id", { id: "<one@acme.example>\r\nBcc: eve@evil.example" }],
  ["letter before it", { follows: ["<one@acme.example>\r\nBcc: eve@evil.example"] }],
])("a header in the %s is no header", async (_, letter) => {
  const { port, mails } = await peer()
  await send(`smtp://127.0.0.1:${port}`, letter)
  for (const { headers, to } of mails) {
    expect(headers).not.toHaveProperty("bcc")
    expect(to).toEqual(["lea@acme.example"])
  }
})
