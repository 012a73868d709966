import { afterEach, describe, expect, test } from "vitest"
import type { Repository } from "../../src/model/repository.ts"
import { example, REPO } from "../signals/payloads.ts"
import { openDoor } from "../web/door.ts"

let door: Awaited<ReturnType<typeof openDoor>> | undefined
afterEach(() => door?.close())

const push = (owner = REPO.owner, name = REPO.name) =>
  example("push", undefined, { ref: "refs/heads/master", repository: { name, owner: { login: owner } } })

describe("who is served", () => {
  test("an account that is not gets nothing done, and one line in the log however much it sends", async () => {
    door = await openDoor()
    for (const name of ["a", "b", "c"])
      expect(await door.send({ payload: push("stranger", name) })).toMatchObject({
        status: 202,
        body: { result: "ignored" },
      })
    await door.send({
      event: "installation",
      payload: example("installation", "created", { installation: { account: { login: "Stranger" } } }),
    })
    await door.send({ payload: push("another") })
    expect(door.deliveries).toEqual([])
    const told = door.lines.filter(({ level }) => level >= 40)
    expect(told.map(({ account }) => account)).toEqual(["stranger", "another"])
    expect(told[0]?.msg).toMatch(/installed by stranger, which is not served.*add it to ALLOWED_ACCOUNTS/)
  })

  test("a repository that moves to a stranger is not served any more", async () => {
    door = await openDoor()
    const moved = example("repository", "renamed", {
      action: "transferred",
      repository: { owner: { login: "stranger" } },
    })
    expect(await door.send({ event: "repository", payload: moved })).toMatchObject({ body: { result: "ignored" } })
    expect(door.deliveries).toEqual([])
  })
})

describe("installations", () => {
  const asked: object[] = []
  const adopted: string[] = []
  const old: Repository = { ...REPO, installation: "1" }
  const open = async (known: Repository[]) => {
    asked.length = 0
    adopted.length = 0
    door = await openDoor({
      known: async (of) => {
        asked.push(of)
        return known
      },
      adopt: (installation) => void adopted.push(installation),
    })
    return door
  }
  const installation = { id: 77, account: { login: "Codertocat" } }

  test("created: what we know of is woken under its new installation, the rest adopted", async () => {
    const { send, deliveries } = await open([old])
    const payload = example("installation", "created", { installation })
    expect(await send({ event: "installation", payload, id: "i-1" })).toMatchObject({
      status: 202,
      body: { result: "stored" },
    })
    expect(asked).toEqual([{ installation: "77", repositories: ["186853002"] }])
    expect(deliveries).toEqual([
      {
        id: "i-1",
        repo: { ...old, installation: "77" },
        signals: [{ kind: "look", because: "the App was installed" }],
      },
    ])
    expect(adopted).toEqual(["77"])
    expect(await send({ event: "installation", payload, id: "i-1" })).toMatchObject({ body: { result: "duplicate" } })
  })

  test("created where nothing is known: adopted, nothing stored", async () => {
    const { send } = await open([])
    const payload = example("installation_repositories", "added", { installation })
    expect(await send({ event: "installation_repositories", payload })).toMatchObject({
      status: 202,
      body: { result: "ignored" },
    })
    expect(adopted).toEqual(["77"])
  })

  test.each([
    ["installation", "deleted", "all"],
    ["installation", "suspend", "all"],
    ["installation_repositories", "removed", ["1296269"]],
  ])("%s.%s ends the work on all that is concerned", async (event, action, repositories) => {
    const { send, deliveries } = await open([old, { ...old, id: "2" }])
    expect(await send({ event, payload: example(event, action, { installation }) })).toMatchObject({
      body: { result: "stored" },
    })
    expect(asked).toEqual([{ installation: "77", repositories }])
    expect(deliveries.map(({ repo, signals }) => [repo.id, signals])).toEqual([
      [REPO.id, [{ kind: "uninstalled" }]],
      ["2", [{ kind: "uninstalled" }]],
    ])
    expect(adopted).toEqual([])
  })

  test("a store that cannot say what it knows is a failure that GitHub hears of", async () => {
    door = await openDoor({
      known: async () => {
        throw new Error("the database is away")
      },
    })
    const payload = example("installation", "deleted", { installation })
    expect(await door.send({ event: "installation", payload })).toMatchObject({ status: 503 })
  })
})
