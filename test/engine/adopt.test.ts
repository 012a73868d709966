import { afterEach, beforeEach, expect, test } from "vitest"
import { type AdoptOptions, createAdopt } from "../../src/engine/adopt.ts"
import type { Repository } from "../../src/model/repository.ts"

/** A condition is waited for as long as a busy machine may need; it usually holds at once. */
const SOON = { timeout: 10_000 }

const repo = (id: string): Repository => ({
  id,
  owner: "acme",
  name: `r${id}`,
  defaultBranch: "main",
  private: true,
  installation: "7",
})

let stop: AbortController
beforeEach(() => {
  stop = new AbortController()
})
afterEach(() => stop.abort())

/** A GitHub that lists pages of ids, and a store that knows some; `ingest` makes them known. */
function world(pages: string[][], known: string[] = [], more: Partial<AdoptOptions> = {}) {
  const looked: string[] = []
  const warned: string[] = []
  const log = { debug() {}, info() {}, warn: (_: object, message: string) => void warned.push(message), error() {} }
  const adopt = createAdopt({
    async *list() {
      for (const page of pages) yield page.map(repo)
    },
    known: async ({ repositories }) => repositories.filter((id) => known.includes(id)).map(repo),
    async ingest({ id, repo, signals }) {
      looked.push(id)
      known.push(repo.id)
      expect(signals).toMatchObject([{ kind: "look" }])
    },
    log,
    stopping: stop.signal,
    paceMs: 1,
    retryMs: 1,
    ...more,
  })
  return { adopt, looked, warned }
}

test("only what nothing is known of is looked at, on every page", async () => {
  const { adopt, looked } = world([["1", "2"], ["3"]], ["2"])
  adopt("7")
  await expect.poll(() => looked, SOON).toEqual(["adopt:7:1", "adopt:7:3"])
})

test("a second start looks at nothing", async () => {
  const { adopt, looked } = world([["1"]])
  adopt("7")
  await expect.poll(() => looked, SOON).toEqual(["adopt:7:1"])
  let listed = false
  const again = world([["1"]], ["1"], {
    async *list() {
      yield [repo("1")]
      listed = true
    },
  })
  again.adopt("7")
  await expect.poll(() => listed, SOON).toBe(true)
  expect(again.looked).toEqual([])
})

test("a list that fails is asked for again, and said so", async () => {
  let tries = 0
  const { adopt, looked, warned } = world([], [], {
    async *list() {
      if (++tries < 3) throw new Error("502 Bad Gateway")
      yield [repo("1")]
    },
  })
  adopt("7")
  await expect.poll(() => looked, SOON).toEqual(["adopt:7:1"])
  expect(warned).toHaveLength(2)
})

test("one that is asked for while it is worked on comes again, since it may have new repositories", async () => {
  const pages = [["1"]]
  const known: string[] = []
  const looked: string[] = []
  const { adopt } = world(pages, known, {
    async ingest({ repo }) {
      looked.push(repo.id)
      known.push(repo.id)
      if (repo.id !== "1") return
      pages.splice(0, 1, ["1", "2"])
      adopt("7")
    },
  })
  adopt("7")
  await expect.poll(() => looked, SOON).toEqual(["1", "2"])
})

test("beyond the first ten they are paced, and a stop ends the waiting without a word", async () => {
  const ids = Array.from({ length: 14 }, (_, i) => String(i))
  const slow = world([ids], [], { paceMs: 3_600_000 })
  slow.adopt("7")
  const quick = world([ids])
  quick.adopt("7")
  await expect.poll(() => quick.looked.length, SOON).toBe(14)
  expect(slow.looked).toHaveLength(10)
  stop.abort()
  await new Promise(setImmediate)
  expect(slow.warned).toEqual([])
})
