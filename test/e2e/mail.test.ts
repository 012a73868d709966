import { afterAll, beforeAll, expect, test } from "vitest"
import { type SmtpPeer, startSmtp } from "../../demo/peers/smtp/server.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** A release, and who is told of it by e-mail and in other channels. */
let stage: Stage
let smtp: SmtpPeer

const HOUR = 60 * 60_000
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString()

beforeAll(async () => {
  smtp = await startSmtp({
    receiver: (address) => (address === "gone@acme.example" ? "550 5.1.1 no such mailbox" : undefined),
  })
  const plan = `release: { name: "Größe", date: "${inHours(48)}" }
stakeholders: { lead: kim@acme.example, qa: [gone@acme.example, "@ben"] }
rollback_plan: { procedure: docs/rollback.md }
testing: { required: [] }
communication:
  pre_release: [{ channel: slack, audience: engineering, date: "${inHours(5)}" }]
  post_release: [{ channel: email, audience: customers, date: "${inHours(1)}" }]
`
  stage = await setStage({
    files: {
      "release-plan.yml": plan,
      ".github/slipway.yml": 'audiences: { engineering: "#releases", customers: news@acme.example }\n',
    },
    env: { SMTP_URL: `smtp://127.0.0.1:${smtp.port}`, MAIL_FROM: "Releases <releases@acme.example>" },
  })
})
afterAll(async () => {
  await stage.close()
  await smtp.stop()
})

const told = () => smtp.mails.map(({ to, text }) => `${to}: ${text.split("\n")[0]}`)

test("stakeholders and audiences are told, each at its time and once, and what is refused stands on the check", async () => {
  const { sha } = await stage.merge("ben", "feat: pay by invoice")
  expect(told()).toEqual(["kim@acme.example: shop 0.1.0 is coming"])
  expect(stage.readiness(sha).summary).toMatch(/1 e-mail could not be sent: .*no such mailbox.*bounces later/)
  await stage.later(6 * HOUR)
  const posts = (await stage.slack.messages("releases")).filter(({ text }) => text.includes("is planned for"))
  expect(posts).toHaveLength(1)
  await stage.press("approve", "cleo", sha)
  await stage.press("publish", "cleo", sha)
  expect(told().toSorted()).toEqual([
    "kim@acme.example: shop 0.1.0 is coming",
    "kim@acme.example: shop 0.1.0 is published",
    "news@acme.example: shop 0.1.0 is live",
  ])
  const [first, ...others] = smtp.mails
  expect(first?.headers.subject).toBe("acme/shop 0.1.0 — Größe")
  for (const { headers } of others)
    expect(headers).toMatchObject({ references: first?.headers["message-id"], subject: "Re: acme/shop 0.1.0 — Größe" })
  await stage.restart()
  await stage.later(48 * HOUR)
  expect(smtp.mails).toHaveLength(3)
})

test("news that no server took are not sent when they are old, whatever is looked at again", async () => {
  const strict = await startSmtp({ sender: () => (isMended ? undefined : "550 5.7.1 not from here") })
  let isMended = false
  const other = await setStage({
    files: {
      "release-plan.yml": `release: { date: "${inHours(48)}" }
stakeholders: { lead: kim@acme.example }
rollback_plan: { procedure: docs/rollback.md }
testing: { required: [] }
`,
    },
    env: { SMTP_URL: `smtp://127.0.0.1:${strict.port}`, MAIL_FROM: "releases@acme.example" },
  })
  const { sha } = await other.merge("ben", "feat: pay by invoice")
  expect(other.readiness(sha).summary).toMatch(/1 e-mail could not be sent: .*refused the sender/)
  isMended = true
  await other.later(72 * HOUR)
  await other.github.rerequest({ repo: other.repo, checkRunId: other.readiness(sha).id, by: "ana" })
  await other.quiet()
  expect(strict.mails.map(({ text }) => text.split("\n").slice(0, 3).join(" "))).toEqual([])
  await other.close()
  await strict.stop()
})
