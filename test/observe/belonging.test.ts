import { afterEach, beforeEach, expect, test } from "vitest"
import { createReader } from "../../src/observe/reader.ts"
import { readStanding } from "../../src/observe/standing.ts"
import { look, startStage } from "./stage.ts"

const REPO = "acme/shop"
let stage: Awaited<ReturnType<typeof startStage>>
beforeEach(async () => {
  stage = await startStage()
})
afterEach(async () => {
  expect(stage.github.problems).toEqual([])
  await stage.close()
})

async function standingOf(login: string, repo = stage.repo, teams: readonly string[] = []) {
  const reader = createReader(await stage.client.for(repo), repo, new AbortController().signal)
  return readStanding(reader, stage.person(login), teams, "2026-11-02T09:00:00.000Z")
}

test.each<[string, () => void, string]>([
  ["a member", () => {}, "member"],
  ["an owner", () => stage.github.createOrganization("acme", { owners: ["ben"] }), "member"],
  [
    "who left the organisation and kept what they were let into",
    () => stage.github.leaveOrganization("acme", "ben"),
    "outside",
  ],
  ["whom a site admin suspended", () => stage.github.suspendUser("ben"), "suspended"],
])("%s", async (_, make, belongs) => {
  make()
  expect(await standingOf("ben")).toMatchObject({ value: { standing: { belongs } } })
})

test("an account that GitHub does not show", async () => {
  const ben = stage.person("ben")
  stage.github.renameUser("ben", "benjamin")
  const reader = createReader(await stage.client.for(stage.repo), stage.repo, new AbortController().signal)
  const reading = await readStanding(reader, ben, [], "2026-11-02T09:00:00.000Z")
  expect(reading).toMatchObject({ value: { standing: { permission: "none", belongs: "gone" } } })
})

test("without the permission “Members” nobody is known to be of the organisation, and the reason says what to grant", async () => {
  const installation = stage.github.installApp("acme", { permissions: { metadata: "read", contents: "write" } })
  expect(await standingOf("ben", { ...stage.repo, installation: String(installation) })).toEqual({
    is: "unknown",
    because: expect.stringMatching(/member of acme could not be read.*grant.*“Members” \(read\)/),
  })
})

test("a person's own repository has no members: who was let in counts", async () => {
  await stage.github.createRepository({ owner: "lea", name: "mine", files: { "README.md": "mine" }, by: "lea" })
  stage.github.addCollaborator("lea/mine", "ben", "write")
  const repo = { ...stage.repo, owner: "lea", name: "mine", installation: String(stage.github.installApp("lea")) }
  for (const login of ["lea", "ben"])
    expect(await standingOf(login, repo)).toMatchObject({ value: { standing: { belongs: "guest" } } })
})

test("who is outside is none of those who may approve", async () => {
  stage.github.createUser("olaf")
  stage.github.addCollaborator(REPO, "olaf", "write")
  const { facts, requests } = await stage.run([look])
  expect(facts.learned.approvers?.writers.map(({ login }) => login)).toEqual(["lea", "ben"])
  expect(requests.filter((request) => /^GET collaborators\b/.test(request))).toHaveLength(2)
})

test("members of a child team are members of the team", async () => {
  stage.github.createTeam("acme", "night-shift", ["rosa"], { parent: "sre" })
  stage.github.createTeam("acme", "weekend", ["lea"], { parent: "night-shift" })
  for (const login of ["ben", "rosa", "lea"])
    expect(await standingOf(login, stage.repo, ["acme/sre"])).toMatchObject({
      value: { standing: { teams: { "acme/sre": true } } },
    })
  expect(await standingOf("ben", stage.repo, ["acme/night-shift"])).toMatchObject({
    value: { standing: { teams: { "acme/night-shift": false } } },
  })
  await stage.github.pushCommit({
    repo: REPO,
    by: "lea",
    message: "chore: gates",
    files: { ".github/slipway.yml": "approvals: { from: ['@acme/sre'] }\n" },
  })
  const { facts } = await stage.run([look])
  expect(facts.learned.approvers?.teams["acme/sre"]?.map(({ login }) => login)).toEqual(["ben", "rosa", "lea"])
})
