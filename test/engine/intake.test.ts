import { expect, test } from "vitest"
import { createIntake } from "../../src/engine/intake.ts"
import { gate } from "./world.ts"

/** Begins to take in so many, and lets each end when it is told. */
function taking(count: number): { room(): Promise<void>; end(): Promise<void> } {
  const intake = createIntake()
  const all = Array.from({ length: count }, () => gate())
  const taken = all.map(({ opened }) => intake.take(() => opened))
  return {
    room: intake.room,
    async end() {
      all.pop()?.open()
      await taken.pop()
    },
  }
}

const isThere = (room: Promise<void>) => Promise.race([room.then(() => true), Promise.resolve().then(() => false)])

test("while few are taken in, nothing waits for them", async () => {
  expect(await isThere(taking(8).room())).toBe(true)
})

test("while many are, work waits until they are few", async () => {
  const { room, end } = taking(10)
  const waiting = room()
  await end()
  expect(await isThere(waiting)).toBe(false)
  await end()
  await waiting
  expect(await isThere(room())).toBe(true)
})

test("whoever is turned away by many goes on after a moment all the same", async () => {
  await taking(1_000).room()
})

test("what could not be kept does not count for ever", async () => {
  const intake = createIntake()
  const failing = Array.from({ length: 20 }, () => intake.take(() => Promise.reject(new Error("no disk"))))
  await Promise.allSettled(failing)
  expect(await isThere(intake.room())).toBe(true)
})
