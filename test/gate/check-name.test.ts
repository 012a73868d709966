import { readFileSync } from "node:fs"
import { load } from "js-yaml"
import { expect, test } from "vitest"
import { checkNameOf } from "../../gate/inputs.js"
import { environmentCheckName } from "../../src/decide/buttons.ts"
import { placeOf } from "../../src/model/deployment.ts"

test.each([
  ["production", ""],
  ["production", "api"],
  ["Readiness", ""],
  ["plan", "api"],
  ["freeze-dried", ""],
  ["environment", ""],
  ["impact / eu", "web"],
  ["planet", ""],
])("the gate waits for the check run that Slipway makes: %s %s", (name, component) => {
  const place = placeOf({ name, ...(component ? { component } : {}) })
  expect(checkNameOf(name, component)).toBe(environmentCheckName(place))
})

test("action.yml runs the entry point on Node 24 and describes every input that it reads", () => {
  const action = load(readFileSync("gate/action.yml", "utf8")) as {
    runs: object
    inputs: { [name: string]: { default?: string; required?: boolean } }
  }
  expect(action.runs).toEqual({ using: "node24", main: "main.js" })
  const read = [...readFileSync("gate/inputs.js", "utf8").matchAll(/input\("([a-z-]+)"\)/g)].map(([, name]) => name)
  expect(new Set(Object.keys(action.inputs))).toEqual(new Set(read))
  expect(action.inputs["app-id"]).toMatchObject({ required: true })
})
