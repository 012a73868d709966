import { expect, test } from "vitest"
import { drillRequest } from "../../src/signals/drill-request.ts"

const NOW = new Date("2026-11-22T10:00:00.000Z")
const BY = { id: "abc", name: "nightly" }
const asked = { id: "n1", environment: "staging", at: "2026-11-22T09:59:00Z" }
const read = (body: object | string, by = BY) =>
  drillRequest(typeof body === "string" ? body : JSON.stringify(body), by, NOW)

test("a request is one drill, in the name of the token, at the instant when it came", () => {
  expect(read({ ...asked, component: "api", repository: "acme/shop" })).toMatchObject({
    is: "drill",
    repository: "acme/shop",
    signal: {
      kind: "drill asked",
      environment: "staging",
      component: "api",
      by: "token nightly",
      at: NOW.toISOString(),
    },
  })
})

test("the same request by the same token is a redelivery, and by another token another one", () => {
  const delivery = (body: object, by = BY) => {
    const found = read(body, by)
    return found.is === "drill" ? found.delivery : found.because
  }
  expect(delivery({ ...asked, at: "2026-11-22T09:58:00Z" })).toBe(delivery(asked))
  expect(delivery({ ...asked, id: "n2" })).not.toBe(delivery(asked))
  expect(delivery(asked, { ...BY, id: "def" })).not.toBe(delivery(asked))
})

test.each<[string, object | string, RegExp]>([
  ["no JSON", "{", /not JSON/],
  ["no environment", { id: "n1", at: asked.at }, /environment/],
  ["an hour and more ago", { ...asked, at: "2026-11-22T08:59:59Z" }, /more than an hour ago/],
  ["the future", { ...asked, at: "2026-11-22T10:05:01Z" }, /in the future/],
  ["a key that it does not have", { ...asked, force: true }, /force/],
  ["a megabyte", { ...asked, environment: "x".repeat(1_000_000) }, /environment/],
])("refused: %s", (_, body, because) => {
  expect(read(body)).toMatchObject({ is: "malformed", because: expect.stringMatching(because) })
})
