import fc from "fast-check"
import { expect } from "vitest"

/*
 * The short form draws the same inputs in every run (test/seed.ts). `npm run test:fuzz` draws others, fifty times as many;
 * FUZZ_RUNS says how many times, and FC_SEED draws those of an earlier run again.
 */
const TIMES = Math.max(1, Number(process.env.FUZZ_RUNS ?? 1))
const SEED = process.env.FC_SEED === "random" ? Math.trunc(Math.random() * 2 ** 31) : undefined

if (TIMES > 1) {
  const seed = SEED ?? fc.readConfigureGlobal().seed
  process.stderr.write(`fuzz: FC_SEED=${seed} FUZZ_RUNS=${TIMES}\n`)
}

/** Whatever one input costs, of this thread alone: others work on the machine, too. */
const CPU_MS = 100

const parameters = (runs: number) => ({ numRuns: runs * TIMES, ...(SEED !== undefined && { seed: SEED }) })

/** Draws `runs` inputs; each is read without a throw, and within 100 ms of CPU. `judge` looks at what was read. */
export function fuzz<Input, Output>(
  inputs: fc.Arbitrary<Input>,
  runs: number,
  read: (input: Input) => Output,
  judge: (output: Output, input: Input) => void = () => undefined,
): void {
  fc.assert(
    fc.property(inputs, (input) =>
      judge(
        inTime(() => read(input)),
        input,
      ),
    ),
    parameters(runs),
  )
}

/** As `fuzz`, for what answers later. */
export async function fuzzAsync<Input>(
  inputs: fc.Arbitrary<Input>,
  runs: number,
  act: (input: Input) => Promise<void>,
): Promise<void> {
  await fc.assert(fc.asyncProperty(inputs, act), parameters(runs))
}

/**
 * What `read` gives, if one of five goes stays below the bound: a first one compiles, and any may collect garbage. Where the
 * bound is not met, it is asked how slow the machine is at this moment: two threads on one core take twice as long each.
 */
export function inTime<Output>(read: () => Output): Output {
  const spent: number[] = []
  for (;;) {
    const [output, ms] = timed(read)
    if (ms <= CPU_MS) return output
    spent.push(ms)
    if (spent.length < 5) continue
    expect(Math.min(...spent), "ms of CPU for one input").toBeLessThanOrEqual(CPU_MS * slowness())
    return output
  }
}

function timed<Output>(act: () => Output): readonly [Output, number] {
  const before = process.threadCpuUsage()
  const output = act()
  const { user, system } = process.threadCpuUsage(before)
  return [output, (user + system) / 1_000]
}

const YARDSTICK = "a: [1, 'x', {b: ~}]\n".repeat(24_000)
/** What the yardstick takes on the two-core machines that CI has, with nobody else on them. */
const YARDSTICK_MS = 5

function slowness(): number {
  const measure = () => JSON.stringify(YARDSTICK.split(" ")).length + YARDSTICK.replace(/\p{L}+/gu, "x").length
  const all = Array.from({ length: 9 }, () => timed(measure)[1]).toSorted((a, b) => a - b)
  return Math.min(4, Math.max(1, (all[4] ?? 0) / YARDSTICK_MS))
}
