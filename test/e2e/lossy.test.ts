import { sql } from "kysely"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Stage, setStage } from "./support/stage.ts"
import { type Order, wholeFlow } from "./support/whole-flow.ts"

/**
 * A whole flow over a line that loses 30 % of the webhooks, also of those that are asked for again, delivers 30 % of the
 * others twice, and shuffles all: what is left in the end is what an orderly line leaves.
 *
 * `LOSSY_SEED=7 npx vitest run test/e2e/lossy.test.ts` draws another line.
 */
let stage: Stage
beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.close())

const SEED = Number(process.env.LOSSY_SEED ?? 20_261_122)
const LOST = 0.3
const DOUBLED = 0.3
/** How often the line loses one and the same at most: a rollback of which nothing is heard for minutes is another story. */
const LOST_MOST = 2

type Arrives = Exclude<Parameters<Stage["github"]["filterDeliveries"]>[0], undefined>

/** Numbers between 0 and 1, the same for the same seed (mulberry32). */
function numbers(seed: number): () => number {
  let at = seed
  return () => {
    at = (at + 0x6d2b79f5) | 0
    let mixed = Math.imul(at ^ (at >>> 15), at | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function lossyLine(seed: number) {
  const next = numbers(seed)
  const lost = new Map<string, number>()
  const count = { made: 0, lost: 0, doubled: 0 }
  const arrives: Arrives = ({ id }) => {
    const before = lost.get(id)
    if (before === undefined) count.made++
    if ((before ?? 0) >= LOST_MOST || next() >= LOST) return true
    lost.set(id, (before ?? 0) + 1)
    count.lost++
    return false
  }
  const shuffled = <T>(all: readonly T[]): T[] =>
    all
      .map((one) => ({ one, at: next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ one }) => one)
  const twice = new Set<string>()
  const isTwice = ({ id }: { readonly id: string }): boolean => {
    if (twice.has(id)) return false
    twice.add(id)
    if (next() >= DOUBLED) return false
    count.doubled++
    return true
  }
  const order: Order = (held) => shuffled([...held, ...held.filter(isTwice)])
  /** Delivers once more what came alone until now: presses, our own echoes, what was asked for again. */
  const again = async ({ github }: Stage): Promise<void> => {
    const came = github.deliveries.filter(({ status }) => status === 202)
    for (const { id } of shuffled(came.filter(isTwice))) await github.redeliver(id)
  }
  return { arrives, order, again, count }
}

/** Waits, with Slipway, for what it asks GitHub for: until nothing is missing that it knows of. */
async function heardOfAll(again: (stage: Stage) => Promise<void>): Promise<void> {
  await stage.quiet()
  for (let round = 0; ; round++) {
    await stage.app.catchUp()
    await stage.quiet()
    const { rows } = await sql`select 1 from slipway.missed_deliveries limit 1`.execute(stage.app.store.db)
    if (rows.length === 0) {
      await again(stage)
      await stage.quiet()
      return
    }
    if (round === 12) throw new Error("it goes on missing something")
    // The pause after the first time that it was asked for.
    stage.pass(61_000)
  }
}

interface Told {
  readonly text: string
  readonly replies: readonly Told[]
}

/** Replies by what they say: what one run tells stands in the order in which it heard it, and that is up to the line. */
const unordered = ({ text, replies }: Told): Told => ({
  text,
  replies: replies.map(unordered).toSorted((a, b) => (a.text < b.text ? -1 : 1)),
})
const withoutOrder = (left: object): object => ({
  ...left,
  threads: (left as { readonly threads: readonly Told[] }).threads.map(unordered),
})

test("the final state is that of an orderly run", async () => {
  const expected = await wholeFlow(stage, "orderly", (held) => held, stage.quiet, "apart")
  const line = lossyLine(SEED)
  stage.github.filterDeliveries(line.arrives)
  const seen = await wholeFlow(stage, "lossy", line.order, () => heardOfAll(line.again), "apart")
  const { made, lost, doubled } = line.count
  console.log(`seed ${SEED}: ${made} webhooks, ${lost} times lost, ${doubled} doubled`)
  expect(withoutOrder(seen)).toEqual(withoutOrder(expected))
  expect(lost).toBeGreaterThan(made * 0.15)
  expect(doubled).toBeGreaterThan(made * 0.15)
})
