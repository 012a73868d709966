import { afterEach, expect, test } from "vitest"
import { type SmtpPeer, startSmtp } from "../../demo/peers/smtp/server.ts"
import { type Act, createAct } from "../../src/act/act.ts"
import type { Mail } from "../../src/model/bulletin.ts"
import { mailboxOf } from "../../src/model/mail-address.ts"
import type { Repository } from "../../src/model/repository.ts"
import { createNameLookup } from "../../src/peers/name-lookup.ts"
import { createSmtp } from "../../src/peers/smtp.ts"
import { bulletin, NEWS } from "../render/bulletins.ts"
import { apply, effect, noCall, noCheckpoint, noRecords } from "./stage.ts"

const REPO: Repository = {
  id: "11",
  owner: "acme",
  name: "shop",
  defaultBranch: "main",
  private: false,
  installation: "1",
}

const peers: SmtpPeer[] = []
afterEach(async () => {
  for (const { stop } of peers.splice(0)) await stop()
})

async function stage(...behaviour: Parameters<typeof startSmtp>): Promise<{ act: Act; peer: SmtpPeer }> {
  const peer = await startSmtp(...behaviour)
  peers.push(peer)
  return { peer, act: actOn(peer.port) }
}

function actOn(port: number): Act {
  const smtp = createSmtp({ requestTimeoutMs: 5_000, find: createNameLookup().asMachine })(`smtp://127.0.0.1:${port}`)
  const from = mailboxOf("Releases <releases@acme.example>")
  if (!from) throw new Error("no sender")
  const mail = { for: (owner: string) => (owner === "acme" ? { smtp, from } : undefined) }
  return createAct({
    github: {} as never,
    slack: { for: () => undefined },
    mail,
    checkpoint: noCheckpoint,
    records: noRecords,
    call: noCall,
  })
}

const mail = (more: Partial<Mail> = {}) =>
  effect("mail", "mail:3:x", {
    to: "lea@acme.example",
    release: "3",
    subject: "acme/shop 2.5.0",
    event: "announced",
    at: "2026-11-29T09:00:00.000Z",
    bulletin: bulletin(),
    ...more,
  })

test("the e-mails of a release are one thread, whoever gets them", async () => {
  const { act, peer } = await stage()
  const events = [
    { event: "announced" },
    { event: "published", bulletin: bulletin({ news: NEWS.published }) },
    { event: "rolled-back-1", bulletin: bulletin({ news: NEWS["rolled back"] }), to: "kim@acme.example" },
    { event: "announced", release: "4" },
  ]
  for (const event of events) expect(await apply(act, REPO, mail(event))).toEqual({ is: "done" })
  const ids = peer.mails.map(({ headers }) => headers["message-id"])
  expect(new Set(ids).size).toBe(4)
  expect(ids.every((id) => /^<slipway\.[0-9a-f]{24}\.[a-z0-9-]+@acme\.example>$/.test(id ?? ""))).toBe(true)
  expect(peer.mails.map(({ headers }) => headers.references)).toEqual([undefined, ids[0], ids[0], undefined])
  expect(peer.mails.map(({ headers }) => headers.subject)).toEqual([
    "acme/shop 2.5.0",
    "Re: acme/shop 2.5.0",
    "Re: acme/shop 2.5.0",
    "acme/shop 2.5.0",
  ])
})

test("recovers after the process died between the letter and the answer: the same message once more", async () => {
  const { peer } = await stage()
  // Two processes know nothing of each other but what the outbox says.
  for (const mayHaveHappened of [false, true])
    expect(await apply(actOn(peer.port), REPO, mail(), { mayHaveHappened })).toEqual({ is: "done" })
  const [first, second] = peer.mails
  expect(peer.mails).toHaveLength(2)
  expect(second?.headers["message-id"]).toBe(first?.headers["message-id"])
  expect(second?.headers.date).toBe(first?.headers.date)
  expect(second?.text).toBe(first?.text)
})

test.each([
  ["no such receiver", { receiver: () => "550 5.1.1 <lea@acme.example> unknown" }, { is: "refused", code: "invalid" }],
  ["a receiver who waits", { receiver: () => "450 4.2.0 greylisted" }, { is: "retry", notDone: true }],
  ["a sender who may not", { sender: () => "550 5.7.1 not yours" }, { is: "refused", code: "forbidden" }],
  ["what looks like spam", { letter: () => "554 5.7.1 spam" }, { is: "refused", code: "invalid" }],
])("%s", async (_, behaviour, expected) => {
  const { act, peer } = await stage(behaviour)
  const outcome = await apply(act, REPO, mail())
  expect(outcome).toMatchObject(expected)
  expect(JSON.stringify(outcome)).not.toContain("lea@acme.example")
  if (outcome.is === "refused")
    expect(outcome.because).toMatch(/^le…@acme\.example: The SMTP server 127\.0\.0\.1:\d+ refused/)
  expect(peer.mails).toEqual([])
})

test("without a mail server it is said what to set", async () => {
  const { act } = await stage()
  expect(await apply(act, { ...REPO, owner: "beta" }, mail())).toMatchObject({
    is: "refused",
    code: "unavailable",
    because: expect.stringContaining("set SMTP_URL and MAIL_FROM"),
  })
})

test.each([
  "lea@acme.example\r\nBcc: eve@evil.example",
  "lea@acme.example, eve@evil.example",
  "<lea@acme.example> eve@evil.example",
  '"eve@evil.example lea"@acme.example',
  "lea@acme.example>\r\nRCPT TO:<eve@evil.example",
  "lea",
  "-oQ/tmp lea@acme.example",
  `${"l".repeat(300)}@acme.example`,
])("%j is no address", async (to) => {
  const { act, peer } = await stage()
  expect(await apply(act, REPO, mail({ to }))).toMatchObject({ is: "refused", code: "invalid" })
  expect(peer.connections()).toBe(0)
})

test.each(["\r\nBcc: eve@evil.example", "\r\n\r\n<p>hello", "\nBcc: eve@evil.example", "\u2028Bcc: eve@evil.example"])(
  "a release that is called %j is one e-mail to one person",
  async (name) => {
    const { act, peer } = await stage()
    const named = { subject: `acme/shop ${name}`, bulletin: bulletin({ name, version: name, features: [name] }) }
    expect(await apply(act, REPO, mail(named))).toEqual({ is: "done" })
    const [taken] = peer.mails
    expect(taken?.to).toEqual(["lea@acme.example"])
    expect(taken?.headers).not.toHaveProperty("bcc")
    expect(taken?.text.split("\n")[0]).toMatch(/is coming$/)
  },
)
