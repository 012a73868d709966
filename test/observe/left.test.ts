import { afterEach, beforeEach, expect, test } from "vitest"
import { readApprovers } from "../../src/observe/approvers.ts"
import { createReader } from "../../src/observe/reader.ts"
import { startStage } from "./stage.ts"

let stage: Awaited<ReturnType<typeof startStage>>
beforeEach(async () => {
  stage = await startStage()
})
afterEach(async () => {
  expect(stage.github.problems).toEqual([])
  await stage.close()
})

const hide = (what: RegExp, status: number) =>
  stage.github.intercept(({ path }) =>
    what.test(path)
      ? { status, body: { message: status === 404 ? "Not Found" : "Resource not accessible" } }
      : undefined,
  )

const nothing = () => undefined
const OLD = "acme/old"

test.each<[string, string, () => void, readonly string[] | undefined]>([
  ["of whom GitHub shows no account", "nobody-here", nothing, ["nobody-here"]],
  ["who is no member", "lea", () => hide(/memberships\/lea/, 404), ["lea"]],
  ["who is one", "lea", nothing, undefined],
  ["who is suspended", "lea", () => stage.github.suspendUser("lea"), ["lea"]],
  ["who may only be out of sight, since no member is shown", "lea", () => hide(/memberships/, 404), undefined],
  ["whose membership Slipway may not read", "lea", () => hide(/memberships/, 403), undefined],
])("whether somebody %s has left", async (_, login, make, left) => {
  make()
  const reader = createReader(await stage.client.for(stage.repo), stage.repo, new AbortController().signal)
  const reading = await readApprovers(reader, [], { named: [], replaced: [login] })
  if (reading.is === "unknown") throw new Error(reading.because)
  expect(reading.value.approvers.left).toEqual(left)
})

test("nobody is looked up whom a rule names and who may write", async () => {
  hide(/memberships|users\/lea/, 403)
  const reader = createReader(await stage.client.for(stage.repo), stage.repo, new AbortController().signal)
  const reading = await readApprovers(reader, [], { named: ["lea"], replaced: [] })
  expect(reading.is === "read" && reading.value.approvers.writers.map(({ login }) => login)).toContain("lea")
})

test.each<[string, string, () => void, readonly string[] | undefined]>([
  ["that was deleted, or renamed", OLD, nothing, [OLD]],
  ["whose organisation is written in another way", "Acme/old", nothing, ["Acme/old"]],
  ["of another organisation", "globex/sre", nothing, ["globex/sre"]],
  ["of another organisation, though no member is shown", "globex/sre", () => hide(/memberships/, 404), ["globex/sre"]],
  ["that is there", "acme/sre", nothing, undefined],
  ["that may only be out of sight, since no member is shown", OLD, () => hide(/memberships/, 404), undefined],
  ["that Slipway may not read", OLD, () => hide(/teams\/old/, 403), undefined],
  ["of a role that is none", "acme/role:on call", nothing, undefined],
])("whether a team %s is gone", async (_, team, make, gone) => {
  make()
  const reader = createReader(await stage.client.for(stage.repo), stage.repo, new AbortController().signal)
  const reading = await readApprovers(reader, [team])
  if (reading.is === "unknown") throw new Error(reading.because)
  expect(reading.value.approvers.gone).toEqual(gone)
  expect(Object.keys(reading.value.unreadTeams)).toEqual(team === "acme/sre" ? [] : [team])
})
