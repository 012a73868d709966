import { sql } from "kysely"
import { describe, expect, test } from "vitest"
import { createChores } from "../../src/engine/chores.ts"
import { fetchMissed } from "../../src/engine/missed-deliveries.ts"
import type { HookDelivery } from "../../src/model/hook-delivery.ts"
import { claimChore } from "../../src/store/chores.ts"
import { missedSince } from "../../src/store/missed-deliveries.ts"
import { onBothDatabases } from "./suite.ts"
import { T0, type World } from "./world.ts"

const MINUTE_MS = 60_000
const PER_PAGE = 100
const stays = new AbortController().signal

/** A GitHub that has tried so many deliveries, one a second, the newest at T0; those of `failed` did not arrive. */
function gitHub(count: number, failed: (nth: number) => boolean, more: Partial<HookDelivery> = {}) {
  const attempts: HookDelivery[] = Array.from({ length: count }, (_, i) => ({
    id: String(count - i),
    guid: `guid-${count - i}`,
    at: new Date(T0.getTime() - i * 1_000),
    arrived: !failed(count - i),
    onlyWord: false,
    ...more,
  }))
  const pages: (string | undefined)[] = []
  const asked: string[] = []
  return {
    attempts,
    pages,
    asked,
    list: async (cursor?: string) => {
      pages.push(cursor)
      const from = cursor === undefined ? 0 : attempts.findIndex(({ id }) => id === cursor)
      const older = attempts[from + PER_PAGE]?.id
      return { deliveries: attempts.slice(from, from + PER_PAGE), ...(older === undefined ? {} : { older }) }
    },
    ask: async (attempt: string): Promise<"asked" | "gone"> => {
      asked.push(attempt)
      return "asked"
    },
  }
}

type Peer = Pick<ReturnType<typeof gitHub>, "list" | "ask">
const round = (world: World, peer: Peer, memory?: unknown) =>
  fetchMissed({ db: world.store.db, clock: world.clock, log: world.seen.log, stopping: stays, ...peer }, memory)

const kept = async ({ store }: World): Promise<string[]> => {
  const { rows } = await sql<{ guid: string }>`select guid from slipway.missed_deliveries order by guid`.execute(
    store.db,
  )
  return rows.map(({ guid }) => guid)
}

onBothDatabases("missed deliveries", (world) => {
  test("what failed is asked for, oldest first, at most 20 in a round, which says that there is more", async () => {
    const peer = gitHub(60, (nth) => nth % 2 === 0)
    const first = await round(world(), peer)
    expect(first.againInMs).toBe(20_000)
    expect(peer.asked).toHaveLength(20)
    expect(new Set(peer.asked)).toEqual(new Set(Array.from({ length: 20 }, (_, i) => String(2 * (i + 1)))))
    const second = await round(world(), peer, first.memory)
    expect(peer.asked).toHaveLength(30)
    expect(second.againInMs).toBeUndefined()
  })

  test("what nothing else can tell comes first", async () => {
    const peer = gitHub(40, () => true)
    peer.attempts.splice(3, 1, { ...(peer.attempts[3] as HookDelivery), onlyWord: true })
    await round(world(), peer)
    expect(peer.asked).toContain("37")
    expect(peer.asked).not.toContain("36")
  })

  test("a round reads 50 pages; the next one begins at the newest, and goes on where it stopped", async () => {
    const peer = gitHub(7_000, (nth) => nth === 1 || nth === 6_999)
    const first = await round(world(), peer)
    expect(peer.pages).toHaveLength(50)
    expect(await kept(world())).toEqual(["guid-6999"])
    expect(first.againInMs).toBe(20_000)
    peer.pages.length = 0
    const second = await round(world(), peer, JSON.parse(JSON.stringify(first.memory)))
    // Two pages of what overlaps, and the 20 that were left.
    expect(peer.pages).toHaveLength(2 + 20)
    expect(await kept(world())).toEqual(["guid-1", "guid-6999"])
    peer.pages.length = 0
    await round(world(), peer, JSON.parse(JSON.stringify(second.memory)))
    expect(peer.pages).toHaveLength(2)
  })

  test("a webhook of which a later attempt arrived, or that is in the inbox, is not asked for", async () => {
    const engine = await world().started()
    await engine.ingest({
      id: "guid-2",
      repo: { id: "1", owner: "o", name: "n", defaultBranch: "main", private: true, installation: "7" },
      signals: [],
    })
    const peer = gitHub(3, () => true, { repository: "1" })
    const [third, second, first] = peer.attempts as [HookDelivery, HookDelivery, HookDelivery]
    peer.attempts.splice(0, 3, { ...third, id: "4", guid: "guid-1", arrived: true }, third, second, first)
    await round(world(), peer)
    expect(peer.asked).toEqual(["3"])
  })

  test("a webhook is as old as the first of its attempts, in whichever order they are read", async () => {
    const peer = gitHub(150, () => true)
    const [newest] = peer.attempts
    peer.attempts[149] = { ...(peer.attempts[149] as HookDelivery), guid: newest?.guid ?? "" }
    await round(world(), peer)
    const { db } = world().store
    expect(await missedSince(db, "guid-150")).toEqual(new Date(T0.getTime() - 149_000))
    expect(await missedSince(db, "guid-149")).toEqual(new Date(T0.getTime() - 1_000))
    expect(await missedSince(db, "guid-1")).toBeUndefined()
  })

  test("what is older than three days is neither looked at nor kept", async () => {
    const peer = gitHub(1, () => true)
    const first = await round(world(), peer)
    expect(await kept(world())).toEqual(["guid-1"])
    world().clock.advance(3 * 24 * 60 * MINUTE_MS + 1)
    await round(world(), peer, first.memory)
    expect(await kept(world())).toEqual([])
    await round(world(), peer)
    expect(await kept(world())).toEqual([])
  })

  test("what GitHub does not have any more is let go of; a time at which it could not be asked does not count", async () => {
    const peer = gitHub(2, () => true)
    const failing = {
      ...peer,
      ask: async (attempt: string): Promise<"asked" | "gone"> => {
        if (attempt === "1") return "gone"
        throw new Error("GitHub is away")
      },
    }
    for (let i = 0; i < 9; i++) {
      await round(world(), failing)
      world().clock.advance(MINUTE_MS)
    }
    expect(await kept(world())).toContain("guid-2")
    await round(world(), peer)
    expect(peer.asked).toContain("2")
  })

  describe("chores", () => {
    test("of several processes one does it, and what it remembers is for all", async () => {
      const twin = await world().twin()
      const claims = await Promise.all([world(), twin, twin].map(({ store }) => claimChore(store.db, "count", 60_000)))
      expect(claims.filter((claim) => claim !== false)).toEqual([{ memory: undefined }])
      const seen: unknown[] = []
      const chore = {
        name: "count",
        everyMs: 3_600_000,
        failed: "no",
        run: async (memory: unknown) => {
          seen.push(memory)
          return { memory: ((memory as number | undefined) ?? 0) + 1 }
        },
      }
      for (const { store, seen } of [world(), twin]) await createChores(store.db, seen.log, [chore], stays).now()
      expect(seen).toEqual([undefined, 1])
    })

    test("a stop waits for one that hangs no longer than it is given", async () => {
      let begun = false
      const chore = {
        name: "hang",
        everyMs: 1_000,
        failed: "no",
        run: () => {
          begun = true
          return new Promise<never>(() => {})
        },
      }
      const chores = createChores(world().store.db, world().seen.log, [chore], stays)
      chores.start()
      await expect.poll(() => begun, { timeout: 10_000 }).toBe(true)
      await chores.stop(10)
    })

    test("one that throws is told in the log, and stands in nobody's way", async () => {
      const done: string[] = []
      const chores = createChores(
        world().store.db,
        world().seen.log,
        ["a", "b"].map((name) => ({
          name,
          everyMs: 1_000,
          failed: `${name} failed`,
          run: async () => {
            if (name === "a") throw new Error("no")
            done.push(name)
            return {}
          },
        })),
        stays,
      )
      await chores.now()
      expect(done).toEqual(["b"])
    })
  })
})
