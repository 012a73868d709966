import { expect, test } from "vitest"
import type { Neighbour } from "../../src/model/joint.ts"
import { gatesIn, leadOf, OFFER, showing } from "./support/ready-release.ts"
import { config, plan } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const HUSH = "checks is failed (the customer hush-hush)"
const seen = (face: Parameters<typeof showing>[0], isPrivate: boolean) => ({ ...showing(face), isPrivate }) as Neighbour

test.each([
  [true, "acme/api 1.4.0 is not ready: see its page"],
  [false, `acme/api 1.4.0 is not ready: ${HUSH}`],
])("why a release is not ready, of a repository that is private (%s), in a public thread", (isPrivate, because) => {
  const w = world((it) => {
    it.neighbours = { "acme/api": seen({ offers: [OFFER] }, isPrivate) }
    it.truth.plan = plan({
      release: { version: "1.1.0" },
      testing: { required: [] },
      repositories: [{ repo: "acme/api", version: "1.4.0" }],
    })
  })
  w.merge(12, "feat: pay by invoice").run().click("approve", "ben").run().click("publish", "ben").run()
  const row = w.release().row
  expect(row).toMatchObject({ is: "asking" })
  const answer = { row: row?.id ?? "", sha: OFFER.sha, is: "not ready" as const, because: HUSH }
  w.neighbours = { "acme/api": seen({ offers: [{ ...OFFER, answer }] }, isPrivate) }
  w.hear({ kind: "neighbour", of: "acme/api" }).run()
  expect(w.release().row).toMatchObject({ is: "stopped", because })
  expect(JSON.stringify([w.known.releases, w.known.face, w.applied]).includes("hush-hush")).toBe(!isPrivate)
})

test.each([
  [true, "which stopped; nothing is out"],
  [false, `which stopped: ${HUSH}; nothing is out`],
])("why the row of a repository that is private (%s) stopped, on a public page", (isPrivate, says) => {
  const w: World = world((it) => {
    it.neighbours = { "acme/suite": seen({}, isPrivate) }
    it.truth.config = config({ plan: { with: ["acme/suite"] } })
  })
  w.merge(12, "feat: pay by invoice").run()
  const lead = leadOf(w.truth.head, { is: "stopped", at: 0, because: HUSH })
  w.neighbours = { "acme/suite": seen({ leads: [lead] }, isPrivate) }
  w.hear({ kind: "neighbour", of: "acme/suite" }).run()
  const gate = gatesIn(w.known, w.now).find(({ name }) => name === "together")
  expect(gate).toMatchObject({ state: "pending", because: expect.stringContaining(says) })
})
