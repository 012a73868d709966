import { expect, test } from "vitest"
import { ownBranchOf, releaseBranch } from "../../src/model/own-branch.ts"

const bot = { type: "Bot" } as const
const head = (ref: string | undefined, repo: string | undefined = "7") => ({ repo, ref })

test.each([
  ["a release branch of ours", head("slipway/release/main"), bot, "slipway/release/main"],
  ["a changelog branch of ours", head("slipway/changelog/1.x"), bot, "slipway/changelog/1.x"],
  ["a fork's branch of that name", head("slipway/release/main", "8"), bot, undefined],
  ["a fork that was deleted", { repo: undefined, ref: "slipway/release/main" }, bot, undefined],
  ["a person's branch of that name", head("slipway/release/main"), { type: "User" } as const, undefined],
  ["another bot's branch", head("dependabot/npm/x"), bot, undefined],
  ["a prefix alone", head("slipway/release/"), bot, undefined],
  ["no branch", { repo: "7", ref: undefined }, bot, undefined],
])("%s", (_, from, author, expected) => {
  expect(ownBranchOf(from, "7", author)).toBe(expected)
})

test("no two release branches stand in each other's way as git refs", () => {
  const names = [releaseBranch("main", ""), releaseBranch("main", "api"), releaseBranch("main", "@acme/web")]
  expect(names).toEqual(["slipway/release/main", "slipway/release/main--api", "slipway/release/main---acme-web"])
  for (const name of names) for (const other of names) expect(other.startsWith(`${name}/`)).toBe(false)
})
