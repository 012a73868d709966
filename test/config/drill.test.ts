import { expect, test } from "vitest"
import { configSchema } from "../../src/model/config.ts"

const problems = (config: object): readonly string[] => {
  const read = configSchema.safeParse(config)
  return read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`)
}

test.each<[string, object]>([
  ["nothing is declared for its way back", { staging: { drill: "monthly" } }],
  [
    "a flag before the deployment",
    { staging: { drill: "weekly", rollback: [{ flag: { name: "x", url: "https://f.example" } }, "application"] } },
  ],
  ["a workflow deploys", { staging: { drill: "on-demand", rollback: [{ application: { workflow: "deploy.yml" } }] } }],
  ["a timetable", { staging: { drill: { every: "weekly", on: "wed", at: "14:00", zone: "Europe/Berlin" } } }],
  [
    "it is asked for elsewhere",
    { staging: { drill: "monthly" }, production: { drilled: { in: "staging", within: "35d" } } },
  ],
  [
    "it is asked for in the same place",
    { production: { drill: "monthly", drilled: { in: "production", within: "35d" } } },
  ],
])("fine: %s", (_, environments) => {
  expect(problems({ environments })).toEqual([])
})

test.each<[string, object, string]>([
  ["another word", { staging: { drill: "daily" } }, "environments.staging.drill must be `monthly`"],
  [
    "no way back that deploys",
    { staging: { drill: "weekly", rollback: ["configuration"] } },
    "environments.staging.drill needs a way back",
  ],
  [
    "a flag alone",
    { staging: { drill: "weekly", rollback: { levels: [{ flag: { name: "x", url: "https://f.example" } }] } } },
    "environments.staging.drill needs a way back",
  ],
  ["an hour that is none", { staging: { drill: { every: "weekly", at: "24:00" } } }, "environments.staging.drill"],
  [
    "an environment that is none",
    { staging: {}, production: { drilled: { in: "stagin", within: "35d" } } },
    "environments.production.drilled.in no environment is named",
  ],
  [
    "an environment where nothing is practised",
    { staging: {}, production: { drilled: { in: "staging", within: "35d" } } },
    "environments.production.drilled.in needs `drill` in",
  ],
])("wrong: %s", (_, environments, says) => {
  expect(problems({ environments }).join("\n")).toContain(says)
})

test("a hotfix's way asks for drills of the environments themselves", () => {
  const hotfix = { branches: "hotfix/*", environments: { production: { drilled: { in: "staging", within: "35d" } } } }
  expect(problems({ environments: { staging: { drill: "weekly" }, production: {} }, hotfix })).toEqual([])
  expect(problems({ environments: { staging: {}, production: {} }, hotfix }).join()).toContain(
    "hotfix.environments.production.drilled.in needs `drill` in",
  )
})
