import { afterAll, beforeAll, expect, test } from "vitest"
import { gate } from "../e2e/support/gates.ts"
import type { Place } from "../e2e/support/place.ts"
import { type Stage, setStage } from "../e2e/support/stage.ts"

/** Somebody approves what they wrote themselves, and tries not to look like its author. */
let stage: Stage

beforeAll(async () => {
  stage = await setStage({
    slack: false,
    before: async (github) => {
      github.createOrganization("acme", { members: ["dora", "emil"] })
    },
  })
})
afterAll(() => stage.close())

type Commit = Parameters<Stage["github"]["openPullRequest"]>[0]["commits"][number]

/** A pull request that `by` opens and ana merges; the first release of a repository of its own. */
async function merged(
  name: string,
  by: string,
  commits: readonly Commit[],
  writers = ["ben", "cleo"],
): Promise<{ place: Place; sha: string }> {
  const place = await stage.build(name, {}, writers)
  const { number } = await stage.github.openPullRequest({
    repo: place.repo,
    by,
    title: "feat: a door",
    commits: [...commits],
  })
  const { sha } = await stage.github.mergePullRequest({ repo: place.repo, number, by: "ana" })
  await stage.quiet()
  return { place, sha }
}

const door = (author: Commit["author"], message = "feat: a door"): Commit => ({
  message,
  files: { "door.ts": "open()\n" },
  ...(author === undefined ? {} : { author }),
})

/** The press counts for the rest of the release, which ana began; not for their own. */
const OWN = /#1 by .* still needs 1 approval of somebody else/

test("a co-author of a squashed commit does not approve it", async () => {
  const message = "feat: a door\n\nCo-authored-by: Cleo <cleo@users.noreply.github.com>"
  const { place, sha } = await merged("co-author", "ben", [door("ben", message)])
  const page = await place.press("approve", "cleo", sha)
  expect(page.conclusion).toBe("action_required")
  expect(gate(page, "approvals")).toMatch(OWN)
  expect((await place.press("approve", "ana", sha)).conclusion).toBe("success")
})

test("who committed to somebody else's pull request does not approve it", async () => {
  const { place, sha } = await merged("second-committer", "ben", [
    door("ben"),
    { ...door("cleo", "wip"), files: { a: "a" } },
  ])
  const page = await place.press("approve", "cleo", sha)
  expect(page.conclusion).toBe("action_required")
  expect(gate(page, "approvals")).toMatch(OWN)
})

test("a commit with an e-mail address that GitHub does not know is nobody's, and nobody covers it", async () => {
  const stranger = { name: "Cleo at home", email: "cleo@home.example" }
  const { place, sha } = await merged("second-address", "ben", [
    door("ben"),
    { ...door(stranger, "wip"), files: { a: "a" } },
  ])
  const page = await place.press("approve", "cleo", sha)
  expect(gate(page, "approvals")).toMatch(/unknown.*GitHub does not know who Cleo at home is/)
  await place.press("publish", "cleo", sha).catch(() => undefined)
  expect(place.world().tags).toEqual({})
})

test("an author does not get another person by another login", async () => {
  const { place, sha } = await merged("renamed-author", "dora", [door("dora")], ["dora"])
  expect(gate(await place.press("approve", "dora", sha), "approvals")).toMatch(OWN)
  stage.github.renameUser("dora", "isadora")
  const page = await place.press("approve", "isadora", sha)
  expect(page.conclusion).toBe("action_required")
  expect(gate(page, "approvals")).toMatch(OWN)
})

test("who takes over the login of somebody who approved gives that approval no permission", async () => {
  const { place, sha } = await merged("taken-over", "ben", [door("ben")], ["ben", "emil"])
  expect((await place.press("approve", "emil", sha)).conclusion).toBe("success")
  stage.github.renameUser("emil", "emil-before")
  stage.github.createOrganization("acme", { members: ["emil"] })
  stage.github.addCollaborator(place.repo, "emil", "write")
  const page = await place.press("publish", "ana", sha)
  expect(gate(page, "approvals")).not.toMatch(/✅/)
  expect(place.world().tags).toEqual({})
})
