import { describe, expect, test } from "vitest"
import type { Artifact } from "../../src/model/artifact.ts"
import type { Attested } from "../../src/model/attestation.ts"
import { gateOf, out, settle } from "./support/environments.ts"
import { config, REPO, report } from "./support/truth.ts"
import type { World } from "./support/world.ts"

const digest = (hex: string) => `sha256:${hex.repeat(64)}`
const [A, B] = [digest("a"), digest("b")]
const naming = (...digests: string[]): Artifact => ({ is: "digests", digests })

function enter(w: World, at: string, artifact?: Artifact) {
  const run = w.ask("production", at, artifact ? { artifact } : {})
  settle(w)
  return run
}

const requestOf = (w: World, run: string) => Object.values(w.known.requests ?? {}).find((one) => one.run === run)
function verdict(w: World, run: string) {
  const end = requestOf(w, run)?.end
  return end?.is === "answered" ? end.verdict : "waits"
}

describe("the artifact", () => {
  const ASKED = { after: "staging", artifact: "digest" }

  test.each<[string, Artifact | undefined, Artifact | undefined, object]>([
    ["the very one of staging", naming(A), naming(A), { verdict: "approved" }],
    ["several, all as in staging", naming(A, B), naming(A, B), { verdict: "approved" }],
    [
      "another one than in staging",
      naming(A),
      naming(B),
      { state: "failed", because: "deploys sha256:bbbbbbbbbbbb, and sha256:aaaaaaaaaaaa is live in staging" },
    ],
    ["one more than in staging", naming(A), naming(A, B), { state: "failed" }],
    [
      "none that it names",
      naming(A),
      undefined,
      {
        state: "unknown",
        because: "the deployment's payload names no artifact: make it with “artifact: sha256:…”",
      },
    ],
    [
      "one, where staging named none",
      undefined,
      naming(A),
      { state: "unknown", because: "the deployment that is live in staging named no artifact" },
    ],
    ["one, where staging named a tag", { is: "mutable", ref: "shop:latest" }, naming(A), { state: "unknown" }],
  ])("%s", (_, before, now, expected) => {
    const { w, at } = out(ASKED)
    w.deploy("staging", at, "success", before ? { artifact: before } : {})
    settle(w)
    const run = enter(w, at, now)
    expect({ verdict: verdict(w, run), ...gateOf(w, at, "artifact") }).toMatchObject({ verdict: "waits", ...expected })
  })

  test("waits until it is live in the environment before", () => {
    const { w, at } = out(ASKED)
    const run = enter(w, at, naming(A))
    expect(gateOf(w, at, "artifact")).toMatchObject({ state: "pending", because: /once it is live in staging/ })
    w.deploy("staging", at, "success", { artifact: naming(A) })
    settle(w)
    expect(verdict(w, run)).toBe("approved")
  })

  test("that can be moved is turned away, since its payload never changes", () => {
    const { w, at } = out({ artifact: "digest" })
    const run = enter(w, at, { is: "mutable", ref: "ghcr.io/acme/shop:latest" })
    expect(requestOf(w, run)?.end).toMatchObject({
      verdict: "rejected",
      because:
        "its payload names “ghcr.io/acme/shop:latest”, which can be moved: name the artifact by its digest (sha256:…)",
    })
  })

  test("nobody has to name where the environment does not ask for it", () => {
    const { w, at } = out({})
    expect(verdict(w, enter(w, at, { is: "mutable", ref: "shop:latest" }))).toBe("approved")
  })

  test("is what a rollback goes back to", () => {
    const { w, at: first } = out({})
    w.deploy("production", first, "success", { artifact: naming(A) }).run()
    w.merge(12, "fix: b").run().click("approve", "ben").run().click("publish", "cleo").run()
    w.deploy("production", w.truth.head, "success", { artifact: naming(B) }).run()
    w.click("rollback:production", "ben", w.check(`check:environment:production:${w.truth.head}`)).run()
    expect(w.applied.findLast(({ kind }) => kind === "deployment")?.content).toMatchObject({ artifact: [A] })
  })
})

describe("the artifact that a check names", () => {
  const ASKED = { after: "staging", artifact: { from: "image", app: "builder" } }
  const image = (hex: string, more: object = {}) => report("image", { app: "builder", digests: [digest(hex)], ...more })

  test("is remembered as it was when it went live before", () => {
    const { w, at } = out(ASKED)
    w.truth.checks.set(at, [image("a")])
    const first = enter(w, at)
    w.hear({ kind: "evidence", sha: at, report: image("a") }).run()
    w.deploy("staging", at, "success")
    settle(w)
    expect(verdict(w, first)).toBe("approved")
    w.truth.checks.set(at, [image("a"), image("b", { id: "101" })])
    const second = enter(w, at)
    expect(verdict(w, second)).toBe("waits")
    expect(gateOf(w, at, "artifact")).toMatchObject({
      state: "failed",
      because: "deploys sha256:bbbbbbbbbbbb, and sha256:aaaaaaaaaaaa is live in staging",
    })
  })

  test.each<[string, object, string, readonly string[] | undefined]>([
    ["the default branch's check", {}, "a", [A]],
    ["none, where the file in force and the one of now name two", { from: "mine" }, "a", undefined],
    ["the one that both files' checks name", { from: "mine" }, "b", [B]],
  ])("of a hotfix, whatever its own file says, is %s", (_, now, named, digests) => {
    const { w, at } = out({ artifact: { from: "image" } })
    const reports = [image(named), report("mine", { digests: [B] }), report("own", { digests: [digest("c")] })]
    w.truth.checks.set(at, reports)
    const { main } = w.run().known.lines
    if (!main) throw new Error("no main")
    const saying = (artifact: object) => {
      const value = config({
        environments: { staging: null, production: { artifact } },
        hotfix: { branches: ["main"] },
      })
      return { is: "valid" as const, path: "a.yml", blob: "b9", value }
    }
    const trunk = { ...main, branch: "trunk", config: saying({ from: "image", ...now }) }
    w.state = { ...w.known, lines: { trunk, main: { ...main, config: saying({ from: "own" }) } } }
    Object.assign(w, { repo: { ...w.repo, defaultBranch: "trunk" } })
    for (const one of reports) w.hear({ kind: "evidence", sha: at, report: one })
    w.deploy("staging", at, "success").run()
    expect(w.known.lines.main?.kind).toEqual({ is: "hotfix" })
    expect(w.known.environments.staging?.live?.artifact).toEqual(digests)
  })

  test.each<[string, object, string]>([
    ["names none", { digests: [] }, "image names no digest (sha256:…)"],
    ["failed", { state: "failed", word: "failure" }, "image, which names the artifact, is failure"],
    ["is of another App", { app: "mallory" }, "no report named “image” names the artifact"],
    [
      "is a status, which names no App",
      { app: undefined, kind: "status" },
      "no report named “image” names the artifact",
    ],
  ])("is unknown where the check %s", (_, more, because) => {
    const { w, at } = out({ artifact: { from: "image", app: "builder" } })
    w.truth.checks.set(at, [image("a", more)])
    const run = enter(w, at)
    expect(verdict(w, run)).toBe("waits")
    expect(gateOf(w, at, "artifact")).toMatchObject({ state: "unknown", because })
  })
})

describe("the attestation", () => {
  const attested = (at: string, more: Partial<Attested> = {}): Attested => ({
    signer: "https://github.com/acme/shop/.github/workflows/build.yml@refs/heads/main",
    issuer: "https://token.actions.githubusercontent.com",
    repository: "https://github.com/acme/shop",
    repositoryId: REPO.id,
    sha: at,
    ...more,
  })
  const required = (attestation: unknown = "required") => out({ artifact: { attestation } })

  test("by a workflow of the repository, for the release's commit, lets in", () => {
    const { w, at } = required()
    w.truth.attestations[A] = { verified: [attested(at)], refused: [] }
    const run = enter(w, at, naming(A))
    expect(verdict(w, run)).toBe("approved")
    expect(requestOf(w, run)?.end).toMatchObject({
      gates: expect.arrayContaining([
        {
          name: "attestation",
          state: "passed",
          because: `built by .github/workflows/build.yml from ${at.slice(0, 7)}`,
        },
      ]),
    })
  })

  test.each<[string, Partial<Attested>, RegExp]>([
    ["of another commit", { sha: "f".repeat(40) }, /built from fffffff, and not from/],
    [
      "of a repository that has the name now",
      { repositoryId: "8" },
      /built from https:\/\/github.com\/acme\/shop, and not from acme\/shop/,
    ],
    ["by who is not GitHub", { issuer: "https://accounts.example" }, /vouched for by https:\/\/accounts.example/],
    [
      "by who looks like GitHub",
      { issuer: "https://token.actions.githubusercontent.com.example" },
      /and not by GitHub Actions/,
    ],
    [
      "by a workflow of another repository",
      { signer: "https://github.com/acme/tools/.github/workflows/build.yml@refs/heads/main" },
      /and not by a workflow of acme\/shop/,
    ],
    [
      "by a workflow of another host",
      { signer: "https://github.example/acme/shop/.github/workflows/build.yml@refs/heads/main" },
      /and not by a workflow of acme\/shop/,
    ],
  ])("%s does not", (_, more, because) => {
    const { w, at } = required()
    w.truth.attestations[A] = { verified: [attested(at, more)], refused: [] }
    const run = enter(w, at, naming(A))
    expect(verdict(w, run)).toBe("waits")
    expect(gateOf(w, at, "attestation")).toMatchObject({ state: "failed", because: expect.stringMatching(because) })
  })

  test.each<[string, string, string, "passed" | "failed"]>([
    [
      "the workflow that is named",
      ".github/workflows/build.yml",
      "acme/shop/.github/workflows/build.yml@refs/heads/x",
      "passed",
    ],
    [
      "another one than is named",
      ".github/workflows/build.yml",
      "acme/shop/.github/workflows/other.yml@refs/heads/main",
      "failed",
    ],
    ["a reusable one", "acme/ci/.github/workflows/b.yml", "acme/ci/.github/workflows/b.yml@refs/tags/v9", "passed"],
    [
      "a reusable one as it is named",
      "acme/ci/.github/workflows/b.yml@refs/tags/v3",
      "acme/ci/.github/workflows/b.yml@refs/tags/v3",
      "passed",
    ],
    [
      "a reusable one of another version",
      "acme/ci/.github/workflows/b.yml@refs/tags/v3",
      "acme/ci/.github/workflows/b.yml@refs/heads/x",
      "failed",
    ],
    [
      "the caller of the one that is named",
      "acme/ci/.github/workflows/b.yml",
      "acme/shop/.github/workflows/b.yml@refs/heads/main",
      "failed",
    ],
  ])("by %s", (_, workflow, signer, state) => {
    const { w, at } = required({ workflow })
    w.truth.attestations[A] = { verified: [attested(at, { signer: `https://github.com/${signer}` })], refused: [] }
    const run = enter(w, at, naming(A))
    expect(verdict(w, run)).toBe(state === "passed" ? "approved" : "waits")
  })

  test("is needed for each artifact", () => {
    const { w, at } = required()
    w.truth.attestations[A] = { verified: [attested(at)], refused: [] }
    enter(w, at, naming(A, B))
    expect(gateOf(w, at, "attestation")).toMatchObject({
      state: "pending",
      because: "sha256:bbbbbbbbbbbb has no attestation",
    })
  })

  test("that comes later is found later, and one that does not hold is said", () => {
    const { w, at } = required()
    w.truth.attestations[A] = { verified: [], refused: ["its signature does not hold: no"] }
    const run = enter(w, at, naming(A))
    expect(gateOf(w, at, "attestation")).toMatchObject({
      state: "failed",
      because: "sha256:aaaaaaaaaaaa: its signature does not hold: no",
    })
    w.truth.attestations[A] = { verified: [attested(at)], refused: [] }
    settle(w.later(5))
    expect(verdict(w, run)).toBe("waits")
    settle(w.later(6))
    expect(verdict(w, run)).toBe("approved")
  })

  test("that cannot be read, or is of nothing, is unknown", () => {
    const { w, at } = required()
    w.truth.attestations[A] = { verified: [attested(at)], refused: [] }
    w.unreadable.set("attestations:", "GitHub refused it")
    const run = enter(w, at, naming(A))
    expect(gateOf(w, at, "attestation")).toMatchObject({
      state: "unknown",
      because: "could not be read: GitHub refused it",
    })
    w.unreadable.clear()
    settle(w.later(6))
    expect(verdict(w, run)).toBe("approved")
    enter(w, at)
    expect(gateOf(w, at, "attestation")).toMatchObject({ state: "unknown" })
  })

  test("is forgotten with the deployments that wait for it", () => {
    const { w, at } = required()
    w.truth.attestations[A] = { verified: [attested(at)], refused: [] }
    enter(w, at, naming(A))
    w.merge(12, "fix: b").run()
    expect(w.known.attestations ?? {}).toEqual({})
  })
})
