import { afterAll, beforeAll, expect, test } from "vitest"
import type { FollowedPostMortem } from "../../src/model/post-mortem.ts"
import { startStage } from "./stage.ts"

let stage: Awaited<ReturnType<typeof startStage>>
beforeAll(async () => {
  stage = await startStage()
  await stage.run([{ kind: "look", because: "a test" }])
})
afterAll(async () => {
  await stage.close()
})

const open = (title: string, body?: string) =>
  stage.github.openIssue({ repo: "acme/shop", by: "lea", title, ...(body === undefined ? {} : { body }) })
const close = (number: number) => stage.github.closeIssue({ repo: "acme/shop", by: "lea", number })

/** One run by a timer, in which a post-mortem is due. */
async function read(number: number, more: Partial<FollowedPostMortem> = {}) {
  const one: FollowedPostMortem = {
    id: "1",
    release: "1",
    version: "1.0.0",
    place: "production",
    is: "open",
    at: "2026-11-02T09:00:00.000Z",
    next: "2026-11-09T09:00:00.000Z",
    reminded: 0,
    number,
    url: "https://github.com/acme/shop/issues/1",
    ...more,
  }
  stage.state = { ...stage.state, postMortems: [one] }
  const { facts, requests } = await stage.run([], new Date("2026-11-09T09:00:00.000Z"))
  return { facts, seen: facts.learned.postMortems?.["1"], requests: requests.length }
}

test("an action is done when it is ticked, or when all that it names is closed", async () => {
  const [done, left] = [await open("done"), await open("left")]
  await close(done)
  const number = await open(
    "Post-mortem",
    [
      "## Actions",
      "- [x] ticked",
      `- [ ] closed (#${done})`,
      `- [ ] one of two (#${done}, #${left})`,
      "- [ ] names nothing",
      "- [ ] names nobody's (#999)",
      "- [ ] names strangers' (other/repo#1)",
    ].join("\n"),
  )
  const { seen, requests } = await read(number)
  expect(seen?.is).toBe("open")
  expect(seen?.actions.map(({ isDone }) => isDone)).toEqual([true, true, false, false, false, false])
  expect(seen?.refs).toEqual([`#${done}`, `#${left}`, "#999", "other/repo#1"])
  // The issue, and those of the repository's account that it names.
  expect(requests).toBe(4)
})

test("a closed issue is told as closed, and what is gone as gone", async () => {
  const number = await open("Post-mortem", "- [ ] a")
  await close(number)
  expect((await read(number)).seen).toMatchObject({ is: "closed", actions: [{ text: "a", isDone: false }] })
  expect((await read(998)).seen).toEqual({ is: "gone", actions: [], refs: [] })
})

test("what is not due, and what is over, is not read", async () => {
  const number = await open("Post-mortem")
  for (const more of [{ next: "2026-11-09T09:00:01.000Z" }, { is: "over" } as const]) {
    const { seen, requests } = await read(number, more)
    expect(seen).toBeUndefined()
    expect(requests).toBe(0)
  }
})
