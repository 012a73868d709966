import { expect, test } from "vitest"
import type { Announcement } from "../../src/model/message.ts"
import { plan } from "./support/truth.ts"
import { world } from "./support/world.ts"

const announced = (type?: string): Announcement | undefined => {
  const w = world((it) => (it.truth.plan = plan({ release: { name: "Spring", ...(type ? { type } : {}) } })))
    .merge(12, "feat: a")
    .run()
  const written = w.applied.findLast((effect) => effect.kind === "thread")
  return written?.kind === "thread" ? written.content.announcement : undefined
}

test.each([
  ["as large as the version says", undefined, "minor"],
  ["not what the plan hoped for", "major", "minor"],
  ["a hotfix, which only the plan can say", "hotfix", "hotfix"],
])("a release is announced as %s", (_, type, expected) => {
  expect(announced(type)).toMatchObject({ name: "Spring", type: expected })
})
