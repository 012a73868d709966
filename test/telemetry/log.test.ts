import { expect, test } from "vitest"
import { createLog } from "../../src/telemetry/log.ts"

/** What a line looks like after everything that logging does to it. */
function logged(fields: object, message = "said", level?: string): string {
  const lines: string[] = []
  const log = createLog({ level, destination: { write: (line) => void lines.push(line) } })
  log.info(fields, message)
  return lines.join("")
}

const TOKEN = `ghs_${"a1B2".repeat(9)}`
const JWT = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxMjM0NSJ9.c2lnbmF0dXJlLW9mLXRoZS1qd3Q"
const PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAAK\n-----END RSA PRIVATE KEY-----"

test.each([
  ["a field's name gives it away", { token: "opaque-value" }, "opaque-value"],
  ["in a request's headers", { request: { headers: { authorization: "opaque-value" } } }, "opaque-value"],
  ["an installation token in any field", { anything: `token ${TOKEN}` }, TOKEN],
  ["a fine-grained token", { url: `https://x/?t=github_pat_${"A1".repeat(20)}` }, "github_pat_A1"],
  ["a Slack token", { body: `xoxb-${"1234567890-".repeat(2)}abcdef` }, "xoxb-1234567890"],
  ["an App's JWT", { header: `Bearer ${JWT}` }, JWT],
  ["a private key, with its lines escaped by JSON", { env: PEM }, "MIIEow"],
  ["the password of a database's URL", { url: "postgres://slipway:hunter2@db/slipway" }, "hunter2"],
  ["in an error's message and stack", { err: new Error(`failed with ${TOKEN}`) }, TOKEN],
  [
    "in the request that an Octokit error carries",
    { err: Object.assign(new Error("403"), { request: { headers: { authorization: `token ${TOKEN}` } } }) },
    TOKEN,
  ],
])("no secret is printed: %s", (_, fields, secret) => {
  const line = logged(fields)
  expect(line).not.toContain(secret)
  expect(JSON.parse(line)).toMatchObject({ msg: "said" })
})

test("a secret in the message itself is not printed either", () => {
  expect(logged({}, `cloned with ${TOKEN}`)).not.toContain(TOKEN)
})

test("what is no secret stays", () => {
  const fields = {
    key: "1",
    sha: "0123456789abcdef0123456789abcdef01234567",
    url: "https://github.com/acme/api/pull/7",
  }
  expect(JSON.parse(logged(fields))).toMatchObject(fields)
})

test("LOG_LEVEL is kept to", () => {
  expect(logged({}, "said", "warn")).toBe("")
})
