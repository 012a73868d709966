import { expect, test } from "vitest"
import { type Asked, chooseRevision, type Sought } from "../../src/decide/rollback/choose-revision.ts"
import type { DeploymentSeen, Revision } from "../../src/model/kubernetes.ts"

const DIGEST = `sha256:${"d".repeat(64)}`
const TO: Sought = { version: "1.4.2", tag: "shop-v1.4.2", sha: `abcdef1${"0".repeat(33)}`, artifact: [DIGEST] }
const FROM: Sought = { version: "1.5.0", tag: "shop-v1.5.0", sha: "b".repeat(40), artifact: [] }

interface Had {
  readonly images: Revision["images"]
  readonly version?: string
  readonly made?: string
}

/** The newest first; it is what runs. */
function seen(had: readonly Had[], more: Partial<DeploymentSeen> = {}): DeploymentSeen {
  const revisions = had.map(({ images, version, made }, at): Revision => {
    const number = had.length - at
    return {
      name: `shop-${number}`,
      number,
      template: `t${number}`,
      made: made ?? `2026-11-${String(number).padStart(2, "0")}T08:00:00Z`,
      images,
      ...(version === undefined ? {} : { version }),
    }
  })
  const [newest] = revisions
  return {
    template: newest?.template ?? "t0",
    images: newest?.images ?? {},
    ...(newest?.version === undefined ? {} : { version: newest.version }),
    paused: false,
    rollout: { is: "done", replicas: 1 },
    revisions,
    ...more,
  }
}
const image = (text: string, more: Omit<Had, "images"> = {}): Had => ({ images: { shop: text }, ...more })
const choose = (had: readonly Had[], asked: Partial<Asked> = {}, more: Partial<DeploymentSeen> = {}) =>
  chooseRevision(seen(had, more), { to: TO, from: FROM, isBefore: false, ...asked })

test.each<[string, readonly Had[], Partial<Asked>, number, RegExp]>([
  [
    "a tag that is its version",
    [image("shop:1.5.0"), image("shop:1.4.2")],
    {},
    1,
    /container shop has the tag 1\.4\.2/,
  ],
  ["a tag with a v", [image("r.io:443/shop:v1.5.0"), image("r.io:443/shop:v1.4.2")], {}, 1, /tag v1\.4\.2/],
  ["its tag in Git", [image("shop:a"), image("shop:shop-v1.4.2")], {}, 1, /shop-v1\.4\.2/],
  ["its commit", [image("shop:b"), image(`shop:${TO.sha}`)], {}, 1, /abcdef1/],
  ["a short commit", [image("shop:b"), image("shop:sha-abcdef1")], {}, 1, /sha-abcdef1/],
  ["a digest", [image("shop@sha256:e"), image(`shop@${DIGEST}`)], {}, 1, /digest of what was deployed/],
  ["a tag beside a digest", [image("shop:2@sha256:e"), image("shop:1.4.2@sha256:f")], {}, 1, /tag 1\.4\.2/],
  [
    "a label of its pods",
    [image("shop:b", { version: "1.5.0" }), image("shop:c", { version: "1.4.2" })],
    {},
    1,
    /label app\.kubernetes\.io\/version says 1\.4\.2/,
  ],
  [
    "a digest of its own beside one that both have",
    [
      { images: { shop: "shop@sha256:e", side: `side@${DIGEST}` } },
      { images: { shop: "shop@sha256:c", side: `side@${DIGEST}` } },
      { images: { shop: "shop@sha256:b", side: "side@sha256:a" } },
    ],
    { to: { ...TO, artifact: ["sha256:c", DIGEST] }, from: { ...FROM, artifact: ["sha256:e", DIGEST] } },
    2,
    /digest of what was deployed/,
  ],
  [
    "another pod template with the same images, by digest",
    [image(`shop@${DIGEST}`, { version: "1.5.0" }), image(`shop@${DIGEST}`, { version: "1.4.2" })],
    {},
    1,
    /label app\.kubernetes\.io\/version says 1\.4\.2/,
  ],
  [
    "one that is not the one before",
    [image("shop:1.5.1"), image("shop:1.5.0"), image("shop:1.4.2"), image("shop:1.4.1")],
    {},
    2,
    /tag 1\.4\.2/,
  ],
  [
    "the newest of two that ran it",
    [
      image("shop:1.5.0"),
      { images: { shop: "shop:1.4.2", side: "a:2" } },
      { images: { shop: "shop:1.4.2", side: "a:1" } },
    ],
    {},
    2,
    /tag 1\.4\.2/,
  ],
  [
    "the image that the configuration names, whatever else is said",
    [image("shop:new"), image("shop:1.4.2"), image("shop:stable-1")],
    { image: "shop:stable-1" },
    1,
    /^its image is shop:stable-1$/,
  ],
])("the release is known by %s", (_, had, asked, revision, says) => {
  expect(choose(had, asked)).toEqual({
    is: "go",
    revision,
    template: `t${revision}`,
    left: `t${had.length}`,
    says: expect.stringMatching(says),
  })
})

test("where it runs already, it is there", () => {
  expect(choose([image("shop:1.4.2"), image("shop:1.5.0")])).toMatchObject({ is: "there", revision: 2, template: "t2" })
  const unnumbered = { template: "t9", images: { shop: "shop:1.4.2" } }
  expect(choose([image("shop:1.5.0")], {}, unnumbered)).toMatchObject({ is: "there", template: "t9", left: "t9" })
})

test("a sidecar with the same tag tells nothing", () => {
  const side = { side: "envoy:1.4.2" }
  const had = [{ images: { shop: "shop:b", ...side } }, { images: { shop: "shop:a", ...side } }]
  expect(choose(had)).toMatchObject({ is: "none", because: expect.stringContaining("none of its revisions says") })
})

test.each<[string, readonly Had[]]>([
  ["opaque tags", [image("shop:build-2"), image("shop:build-1")]],
  ["no tags", [image("shop@sha256:a"), image("shop@sha256:b")]],
])("where nothing says it, the one before is taken, if that can be nothing else: %s", (_, had) => {
  expect(choose(had, { isBefore: true })).toMatchObject({
    is: "go",
    revision: 1,
    says: "it is the one before; nothing in it says which release it is",
  })
  expect(choose(had, { isBefore: false })).toMatchObject({
    is: "none",
    because: "none of its revisions says that it is 1.4.2 (abcdef1), and something else was there between",
  })
})

test("a drill comes back to what it left, and to nothing older", () => {
  const [old, left] = [
    image("shop:a", { made: "2026-11-01T08:00:00Z" }),
    image("shop:b", { made: "2026-11-02T08:00:00Z" }),
  ]
  const coming = { isBefore: true, isReturn: true }
  expect(choose([old, left], coming)).toMatchObject({ is: "go", revision: 1, left: "t2" })
  expect(choose([left, old], coming)).toMatchObject({
    is: "none",
    because: "revision 1, the one before, was made before what runs now: it is not what was left",
  })
})

test.each<[string, readonly Had[], Partial<Asked>, Partial<DeploymentSeen>, RegExp]>([
  ["nothing to go back to", [image("shop:b")], {}, {}, /^it has no earlier revision$/],
  ["a restart of the bad release", [image("shop:b"), image("shop:b")], {}, {}, /runs the very same images$/],
  [
    "the bad release with another setting",
    [{ images: { shop: "shop:1.5.0", side: "a:2" } }, { images: { shop: "shop:1.5.0", side: "a:1" } }, image("shop:x")],
    {},
    {},
    /^revision 2, the one before, runs 1\.5\.0 as well$/,
  ],
  [
    "what was left by a rollback just now",
    [image("shop:a", { made: "2026-11-01T08:00:00Z" }), image("shop:b", { made: "2026-11-02T08:00:00Z" })],
    {},
    {},
    /^it was taken back already: revision 1 was made after what runs now$/,
  ],
  [
    "a change that its controller has not seen",
    [image("shop:b"), image("shop:a")],
    {},
    { template: "t9", images: { shop: "shop:c" } },
    /has not taken up its last change yet$/,
  ],
  [
    "an image that no revision has",
    [image("shop:b"), image("shop:a")],
    { image: "shop:z" },
    {},
    /has the image shop:z$/,
  ],
  ["a paused one", [image("shop:1.5.0"), image("shop:1.4.2")], {}, { paused: true }, /^it is paused: `kubectl/],
  [
    "an image that both releases have, beside one of before",
    [image(`shop@${DIGEST}`, { version: "a" }), image(`shop@${DIGEST}`, { version: "b" }), image("shop@sha256:e")],
    { from: { ...FROM, artifact: [DIGEST] } },
    {},
    /^1\.4\.2 and 1\.5\.0 are the same image there \(sha256:dddddddddddd\): going back would change nothing$/,
  ],
  [
    "an image that both have, of which only the earlier one's deployment told",
    [image(`shop:1.5.0@${DIGEST}`), image("shop@sha256:e")],
    {},
    {},
    /^what runs is taken for 1\.4\.2 \(its image has the digest of what was deployed\), and for 1\.5\.0 \(its container shop has the tag 1\.5\.0\)$/,
  ],
  [
    "an image that the configuration names for both",
    [image("shop:stable"), image("shop:b")],
    { image: "shop:stable", imageLeft: "shop:stable" },
    {},
    /^the configuration says the image shop:stable of 1\.5\.0 as well: it has to have \{to\}, \{tag\} or \{commit\} in it$/,
  ],
  [
    "one commit that both were released from",
    [image(`shop:${TO.sha}`), image("shop:b")],
    { from: { ...FROM, sha: TO.sha }, isBefore: false },
    {},
    /^none of its revisions says that it is 1\.4\.2/,
  ],
  [
    "a revision that says it is the one, with the very same images",
    [image("shop:stable", { version: "1.5.0" }), image("shop:stable", { version: "1.4.2" })],
    {},
    {},
    /^revision 1 is 1\.4\.2 \(its label app\.kubernetes\.io\/version says 1\.4\.2\), and has the very same images as what runs, by tags that may have been moved$/,
  ],
  [
    "the same image in all of its revisions",
    [image(`shop@${DIGEST}`), image(`shop@${DIGEST}`)],
    {},
    {},
    /^revision 1, the one before, runs the very same images$/,
  ],
  [
    "one that is kept in Git",
    [image("shop:1.5.0"), image("shop:1.4.2")],
    {},
    { owner: "Flux (its label x)" },
    /^Flux \(its label x\) keeps it and would undo the change: it is rolled back in Git$/,
  ],
])("nothing is changed: %s", (_, had, asked, more, because) => {
  expect(choose(had, { isBefore: true, ...asked }, more)).toEqual({
    is: "none",
    because: expect.stringMatching(because),
  })
})
