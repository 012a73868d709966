import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Place } from "./support/place.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** What people write in a draft stays theirs; what Slipway generated stays true. */
let stage: Stage
let place: Place

beforeAll(async () => {
  stage = await setStage({ slack: false })
})
afterAll(() => stage.close())

const draft = () => {
  const [first, ...more] = place.releases()
  if (!first || more.length > 0) throw new Error(`not one draft but ${place.releases().length} releases`)
  return { id: first.id, body: first.body ?? "" }
}
const edit = async (change: (body: string) => string): Promise<void> => {
  const { id, body } = draft()
  await stage.github.editRelease({ repo: place.repo, releaseId: id, by: "ana", body: change(body) })
  await stage.quiet()
}
const GENERATED = /<!-- slipway:release [^>]*-->[\s\S]*<!-- \/slipway:release of=[\w-]* -->/

describe("a draft", () => {
  test("what stands above and below survives regenerations", async () => {
    place = await stage.build("edited")
    await place.merge("ben", "feat: pay by invoice")
    await edit((body) => `Dear all,\n\n${body}\n\nYours, Ana <!channel> @cleo\n`)
    await place.merge("cleo", "fix: round half up")
    const { body } = draft()
    expect(body.startsWith("Dear all,\n\n")).toBe(true)
    expect(body.endsWith("\n\nYours, Ana <!channel> @cleo\n")).toBe(true)
    expect(body).toMatch(/pay by invoice \(#1\)[\s\S]*round half up \(#2\)/)
  })

  test("what is written inside of the generated part is kept, and goes on", async () => {
    await edit((body) => body.replace("pay by invoice", "Pay later, by invoice").replace(/- round half up.*\n/, ""))
    await place.merge("cleo", "fix: mend the clock")
    const { body } = draft()
    expect(body).toMatch(/- Pay later, by invoice \(#1\)[\s\S]*- mend the clock \(#3\)/)
    expect(body).not.toMatch(/pay by invoice|round half up/)
  })

  test("all of the generated part deleted: it comes back as Slipway writes it", async () => {
    await edit((body) => body.replace(/(<!-- slipway:release [^>]*-->)[\s\S]*(<!-- \/slipway:release)/, "$1\n$2"))
    expect(draft().body).toMatch(/- pay by invoice \(#1\)[\s\S]*- round half up \(#2\)/)
  })

  test("the markers removed: the whole text is kept, and the notes come back once", async () => {
    await edit(() => "My own words only.\n")
    expect(draft().body).toMatch(/^My own words only\.\n/)
    await place.merge("cleo", "fix: round down")
    const { body } = draft()
    expect(body).toMatch(/^My own words only\.\n/)
    expect(body.match(new RegExp(GENERATED.source, "g"))).toHaveLength(1)
    expect(body).toMatch(/round down \(#4\)/)
  })

  test("an edit that races a write of ours is restored", async () => {
    place = await stage.build("raced")
    await place.merge("ben", "feat: pay by invoice")
    stage.github.intercept(async ({ method, path }) => {
      const { id, body } = draft()
      if (method !== "PATCH" || path !== `/repos/${place.repo}/releases/${id}`) return undefined
      stage.github.intercept(undefined)
      await stage.github.editRelease({ repo: place.repo, releaseId: id, by: "ana", body: `Raced.\n${body}` })
      return undefined
    })
    await place.merge("cleo", "fix: round")
    expect(draft().body).toMatch(/^Raced\.\n<!-- slipway:release/)
    expect(draft().body).toMatch(/round \(#2\)/)
  })

  test("recovers after its publication: hand-written text is in the release", async () => {
    const { headSha } = place.readiness()
    await place.press("approve", "cleo", headSha)
    await place.press("approve", "ben", headSha)
    await place.press("publish", "ana", headSha)
    expect(place.releases()).toMatchObject([{ draft: false, body: expect.stringMatching(/^Raced\.\n/) }])
    await edit((body) => `${body}\nAfterwards.\n`)
    expect(place.releases()[0]?.body).toMatch(/^Raced\.\n[\s\S]*\nAfterwards\.\n$/)
  })
})
