import { expect, test } from "vitest"
import { notYetEnforced } from "../../src/decide/not-yet-enforced.ts"
import { DEFAULT_CONFIG } from "../../src/model/config.ts"
import { config } from "./support/truth.ts"

test.each<[string, object, readonly string[]]>([
  ["nothing", {}, []],
  [
    "what is enforced",
    { approvals: { required: 2 }, plan: { required: true }, branches: ["main"], extends: "acme/.github" },
    [],
  ],
  ["an environment without gates", { environments: { staging: null } }, []],
  ["components, which are followed", { components: { api: { path: "api/**" } } }, []],
  ["changes, which are followed", { changes: [{ when: { type: "feat" }, bump: "minor" }] }, []],
  ["risk, which is followed", { risk: { low: [{ paths: "docs/**" }], high: [{ paths: "db/**" }] } }, []],
  [
    "environments",
    {
      environments: {
        staging: { approvals: { required: 1 } },
        production: {
          after: "staging",
          soak: "2h",
          checks: ["e2e"],
          freshness: "1d",
          window: { days: "mon-thu", hours: "09:00-17:00" },
          verify: "30m",
        },
      },
    },
    [],
  ],
  ["hotfix", { environments: { production: null }, hotfix: { environments: { production: { soak: "1h" } } } }, []],
])("of %s", (_, written, expected) => {
  expect(notYetEnforced(config(written))).toEqual(expected)
})

test("the defaults promise nothing", () => {
  expect(notYetEnforced(DEFAULT_CONFIG)).toEqual([])
})
