import { afterAll, beforeAll, expect, test } from "vitest"
import type { IncidentStands } from "../../src/model/incident.ts"
import type { Repository } from "../../src/model/repository.ts"
import { incidentMarker } from "../../src/render/incident.ts"
import { apply, effect, handleOf, raiseStage } from "./stage.ts"

let stage: Awaited<ReturnType<typeof raiseStage>>
beforeAll(async () => {
  stage = await raiseStage()
})
afterAll(() => stage.stop())

const said = (repo: Repository) => stage.peer.world()[`acme/${repo.name}`]?.comments ?? []
const told = (repo: Repository, stands: IncidentStands, issue = 1) =>
  effect("incident", `incident:${issue}`, { repositoryId: repo.id, issue, by: "lea", stands })

async function given(): Promise<Repository> {
  const repo = await stage.repository()
  await stage.peer.openIssue({ repo: `acme/${repo.name}`, by: "lea", title: "Broken" })
  return repo
}
const REFUSED: IncidentStands = { is: "refused", because: "it names no release" }
const TAKEN_BACK: IncidentStands = { is: "taken back", by: "lea" }

test("one comment is made, and edited from then on", async () => {
  const repo = await given()
  const outcome = await apply(stage.act, repo, told(repo, REFUSED))
  expect(said(repo)).toMatchObject([{ issue: 1, author: "slipway[bot]", body: expect.stringContaining("no release") }])
  const handle = handleOf(outcome)
  stage.peer.resetRequests()
  await apply(stage.act, repo, told(repo, TAKEN_BACK), { handle })
  expect(stage.peer.requests.map(({ operationId }) => operationId)).toEqual(["issues/update-comment"])
  expect(said(repo)).toMatchObject([{ body: expect.stringContaining("took the label off") }])
})

test("without its id it is found by its marker, and another's copy of that is not ours", async () => {
  const repo = await given()
  const copy = incidentMarker({ repositoryId: repo.id, issue: 1 })
  const client = stage.peer.as("lea")
  await client.rest.issues.createComment({ owner: "acme", repo: repo.name, issue_number: 1, body: copy })
  const { id } = handleOf(await apply(stage.act, repo, told(repo, REFUSED)))
  for (const mayHaveHappened of [true, false])
    expect(handleOf(await apply(stage.act, repo, told(repo, TAKEN_BACK), { mayHaveHappened })).id).toBe(id)
  expect(said(repo).map(({ author }) => author)).toEqual(["lea", "slipway[bot]"])
})

test("one that somebody deleted is gone, and made anew by who asks again", async () => {
  const repo = await given()
  const handle = handleOf(await apply(stage.act, repo, told(repo, REFUSED)))
  const client = stage.peer.as("lea")
  await client.rest.issues.deleteComment({ owner: "acme", repo: repo.name, comment_id: Number(handle.id) })
  expect(await apply(stage.act, repo, told(repo, REFUSED), { handle })).toMatchObject({ is: "refused", code: "gone" })
  expect(await apply(stage.act, repo, told(repo, REFUSED))).toMatchObject({ is: "done" })
  expect(said(repo)).toHaveLength(1)
})

test("an issue that is gone is refused with a reason", async () => {
  const repo = await given()
  expect(await apply(stage.act, repo, told(repo, REFUSED, 9))).toMatchObject({ is: "refused", code: "gone" })
})
