import { expect, test } from "vitest"
import { isEcho } from "../../src/decide/echo.ts"
import { bodyHash } from "../../src/model/body-hash.ts"
import type { Handles } from "../../src/model/outcome.ts"
import type { ReleaseEdited, Signal } from "../../src/model/signal.ts"

const handles: Handles = {
  "draft:3": { id: "40", extra: { body: bodyHash("## Notes\n- a basket") } },
  "check:readiness:abc": { id: "41", extra: { body: bodyHash("## Notes\n- a basket") } },
  "draft:4": { id: "42" },
}

const edited = (more: Partial<ReleaseEdited>): ReleaseEdited => ({
  kind: "release-edited",
  action: "edited",
  releaseId: "40",
  tag: "v1.0.0",
  draft: true,
  body: "## Notes\n- a basket",
  by: "slipway[bot]",
  ...more,
})

test.each<[string, Signal, boolean]>([
  ["our edit", edited({}), true],
  ["our creation", edited({ action: "created" }), true],
  ["our edit, with GitHub's line ends", edited({ body: "## Notes\r\n- a basket\r\n" }), true],
  ["a person who saves the same text", edited({ by: "lea" }), true],
  ["a person's edit", edited({ body: "## Notes\n- two baskets", by: "lea" }), false],
  ["a person who publishes it as it is", edited({ action: "published", by: "lea" }), false],
  ["a person who deletes it", edited({ action: "deleted", body: null, by: "lea" }), false],
  ["another release with the same text", edited({ releaseId: "43" }), false],
  ["a number that is another target's", edited({ releaseId: "41" }), false],
  ["a draft whose text we do not remember", edited({ releaseId: "42" }), false],
  ["anything else", { kind: "look", because: "" }, false],
])("%s", (_, signal, expected) => {
  expect(isEcho(signal, handles)).toBe(expected)
})
