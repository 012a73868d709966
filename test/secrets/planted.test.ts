import { generateKeyPairSync } from "node:crypto"
import { expect, test } from "vitest"
import { expectNoLeak, leaksIn, planted } from "./planted.ts"

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
  publicKeyEncoding: { type: "pkcs1", format: "pem" },
})

test.each([
  ["a secret of ours", planted("webhook")],
  ["an installation token", `ghs_${"a1".repeat(18)}`],
  ["a token of Slack", `xoxb-${"0a".repeat(12)}`],
  ["a private key", privateKey],
  ["a private key in JSON", JSON.stringify({ key: privateKey })],
  ["a JWT", `eyJ${"a".repeat(20)}.eyJ${"b".repeat(40)}.${"c".repeat(86)}`],
])("%s is found, and not shown whole", (_, secret) => {
  const leaks = leaksIn(`{"msg":"it is ${secret}, they said"}`)
  expect(leaks).toHaveLength(1)
  expect(leaks.join()).not.toContain(secret)
  expect(() => expectNoLeak("the log", secret)).toThrow(/^the log shows a secret: /)
})

test("what is none is none", () => {
  expect(leaksIn(`sha ${"0a".repeat(20)}, xoxb-…, ghs_short, [token], "planted" secrets, eyJ`)).toEqual([])
})
