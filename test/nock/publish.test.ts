import { generateKeyPairSync } from "node:crypto"
import nock from "nock"
import pino from "pino"
import { Probot } from "probot"
import { afterEach, beforeEach, expect, test } from "vitest"
import { createAct } from "../../src/act/act.ts"
import type { EffectOf } from "../../src/model/effect.ts"
import type { Outcome } from "../../src/model/outcome.ts"
import { createGitHub } from "../../src/peers/github.ts"
import { slipwayOctokit } from "../../src/peers/github-octokit.ts"
import { noCall, noCheckpoint, noRecords } from "../act/stage.ts"

/** A publication byte by byte against GitHub's own address: the tag first, then the release, and nothing else. */
const API = "https://api.github.com"
const SHA = "a".repeat(40)
const OTHER = "b".repeat(40)
const TOKEN = "ghs_installation"
const REPOSITORY = "/repos/acme/shop"

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
  publicKeyEncoding: { type: "pkcs1", format: "pem" },
})

beforeEach(() => {
  nock.disableNetConnect()
  nock(API, { reqheaders: { authorization: /^bearer [\w-]+\.[\w-]+\.[\w-]+$/i } })
    .post("/app/installations/7/access_tokens")
    .reply(201, { token: TOKEN, expires_at: "2099-01-01T00:00:00Z", permissions: { contents: "write" } })
})
afterEach(() => {
  const pending = nock.pendingMocks()
  nock.cleanAll()
  nock.enableNetConnect()
  expect(pending).toEqual([])
})

const github = () =>
  nock(API, {
    reqheaders: {
      authorization: `token ${TOKEN}`,
      accept: "application/vnd.github.v3+json",
      "user-agent": /^slipway\/1\.2\.3 /,
    },
  })

/** Applies the effect with a fresh client, as a process that has just started would. */
function publish(): Promise<Outcome> {
  const probot = new Probot({
    appId: 41,
    privateKey,
    secret: "shh",
    Octokit: slipwayOctokit({ version: "1.2.3", requestTimeoutMs: 5000 }),
    log: pino({ level: "silent" }),
  })
  const act = createAct({
    github: createGitHub(probot),
    slack: { for: () => undefined },
    checkpoint: noCheckpoint,
    records: noRecords,
    call: noCall,
  })
  const effect: EffectOf<"publish"> = {
    kind: "publish",
    key: "publish:3:1",
    target: "draft:3",
    lane: "release:3",
    mode: "append",
    content: {
      release: "3",
      tag: "v1.5.0",
      sha: SHA,
      prerelease: false,
      latest: true,
      message: "v1.5.0",
      by: "lea",
    },
  }
  const handle = { id: "77", url: "https://github.com/acme/shop/releases/tag/untagged-1" }
  return act(effect, {
    repo: { id: "1", owner: "acme", name: "shop", defaultBranch: "main", private: false, installation: "7" },
    handle,
    handles: { "draft:3": handle },
    attempt: 1,
    mayHaveHappened: false,
    signal: new AbortController().signal,
  })
}

const OBJECT = "9".repeat(40)
const DRAFT = {
  id: 77,
  draft: true,
  tag_name: "v1.5.0",
  html_url: "https://github.com/x",
  published_at: null,
  assets: [],
}
const TAKEN = { message: "Reference already exists", documentation_url: "https://docs.github.com/rest" }
const ref = (sha: string) => ({ ref: "refs/tags/v1.5.0", object: { type: "commit", sha } })
const drafted = () => github().get(`${REPOSITORY}/releases/77`).reply(200, DRAFT)
/** The object first, then the ref that names it. */
const tag = () => {
  github()
    .post(`${REPOSITORY}/git/tags`, { tag: "v1.5.0", message: "v1.5.0", object: SHA, type: "commit" })
    .reply(201, { sha: OBJECT })
  return github().post(`${REPOSITORY}/git/refs`, { ref: "refs/tags/v1.5.0", sha: OBJECT })
}
const release = () =>
  github()
    .patch(`${REPOSITORY}/releases/77`, {
      tag_name: "v1.5.0",
      target_commitish: SHA,
      draft: false,
      prerelease: false,
      make_latest: "true",
    })
    .reply(200, {
      ...DRAFT,
      draft: false,
      html_url: "https://github.com/acme/shop/releases/tag/v1.5.0",
      published_at: "2026-11-30T10:00:00Z",
    })

test("the tag at the candidate, then the draft turned into the release", async () => {
  drafted()
  tag().reply(201, ref(SHA))
  release()
  expect(await publish()).toEqual({
    is: "done",
    handle: { id: "77", url: "https://github.com/acme/shop/releases/tag/v1.5.0" },
    result: { url: "https://github.com/acme/shop/releases/tag/v1.5.0", at: "2026-11-30T10:00:00Z" },
  })
})

test("a tag that stands there already is as good", async () => {
  drafted()
  tag().reply(422, TAKEN)
  github().get(`${REPOSITORY}/git/ref/tags%2Fv1.5.0`).reply(200, ref(SHA))
  release()
  expect(await publish()).toMatchObject({ is: "done" })
})

test.each<[string, number, object, Record<string, string>, object]>([
  [
    "another commit",
    422,
    TAKEN,
    {},
    { is: "refused", code: "taken", because: expect.stringContaining(OTHER.slice(0, 7)) },
  ],
  [
    "a permission",
    403,
    { message: "Resource not accessible by integration" },
    { "x-accepted-github-permissions": "contents=write; contents=write,workflows=write" },
    { is: "refused", code: "forbidden", because: expect.stringMatching(/contents: ?write/) },
  ],
  [
    "a secondary limit",
    403,
    { message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again." },
    { "retry-after": "42" },
    { is: "retry", afterSeconds: 42 },
  ],
  [
    "the hourly limit",
    403,
    { message: "API rate limit exceeded for installation ID 7." },
    { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1795255300", date: "Sat, 21 Nov 2026 09:59:00 GMT" },
    { is: "retry", afterSeconds: 1_795_255_300 - Date.parse("2026-11-21T09:59:00Z") / 1_000 },
  ],
  ["a bad gateway", 502, { message: "Server Error" }, {}, { is: "retry" }],
])("%s in the way of the tag: the release is not touched", async (what, status, body, headers, outcome) => {
  drafted()
  tag().reply(status, body, headers)
  if (what === "another commit") github().get(`${REPOSITORY}/git/ref/tags%2Fv1.5.0`).reply(200, ref(OTHER))
  expect(await publish()).toMatchObject(outcome)
})
