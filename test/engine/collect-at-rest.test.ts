import { expect, onTestFinished, test, vi } from "vitest"
import { collectAtRest } from "../../src/engine/collect-at-rest.ts"

test("garbage is collected once after a burst of work, and not again until there was more", () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const collect = vi.fn()
  const worked = collectAtRest(collect, 1_000)
  for (let burst = 0; burst < 5; burst++) {
    vi.advanceTimersByTime(900)
    worked()
  }
  expect(collect).not.toHaveBeenCalled()
  vi.advanceTimersByTime(60_000)
  expect(collect).toHaveBeenCalledTimes(1)
  worked()
  vi.advanceTimersByTime(1_000)
  expect(collect).toHaveBeenCalledTimes(2)
})

test("what nobody holds is gone after a rest", async () => {
  let gone = 0
  const registry = new FinalizationRegistry(() => {
    gone++
  })
  for (let each = 0; each < 10; each++) registry.register({ each }, undefined)
  collectAtRest(undefined, 0)
  await expect.poll(() => gone).toBeGreaterThan(0)
  // A registry that nobody holds tells nothing.
  expect(registry).toBeDefined()
})
