import { writeFileSync } from "node:fs"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { createAttestations } from "../../src/peers/attestations.ts"
import { type Claims, type Sigstore, startSigstore } from "./sigstore.ts"

const DIGEST = `sha256:${"ab".repeat(32)}`
const OTHER = `sha256:${"cd".repeat(32)}`
const CLAIMS: Claims = {
  iss: "https://token.actions.githubusercontent.com",
  repository: "acme/shop",
  repository_id: "4711",
  sha: "0123456789abcdef0123456789abcdef01234567",
  job_workflow_ref: "acme/shop/.github/workflows/build.yml@refs/heads/main",
}

let directory: string
let shop: Record<"public" | "private" | "strange", Sigstore & AsyncDisposable>
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "slipway-sigstore-"))
  shop = {
    public: await startSigstore("public"),
    private: await startSigstore("private"),
    strange: await startSigstore("public"),
  }
})
afterAll(async () => {
  for (const one of Object.values(shop)) await one[Symbol.asyncDispose]()
  await rm(directory, { recursive: true })
})

function trusting(...roots: readonly string[]) {
  const file = join(directory, "trusted-roots.jsonl")
  writeFileSync(file, roots.map((root) => `${root}\n`).join(""))
  return createAttestations(file)
}
const both = () => trusting(shop.public.root, shop.private.root)

describe("an attestation", () => {
  test.each(["public", "private"] as const)("of the %s instance says who built it, from what", async (kind) => {
    expect(await both()(await shop[kind].attest(DIGEST, CLAIMS), DIGEST)).toEqual({
      is: "verified",
      attested: {
        signer: "https://github.com/acme/shop/.github/workflows/build.yml@refs/heads/main",
        issuer: "https://token.actions.githubusercontent.com",
        repository: "https://github.com/acme/shop",
        repositoryId: "4711",
        sha: CLAIMS.sha,
      },
    })
  })

  type Bundle = { readonly dsseEnvelope: { payload: string }; readonly verificationMaterial: object }
  const payload = (it: object) => Buffer.from(JSON.stringify(it)).toString("base64")
  test.each<[string, () => Promise<unknown>, RegExp]>([
    ["of an instance that nobody trusts", () => shop.strange.attest(DIGEST, CLAIMS), /signature does not hold/],
    ["of another artifact", () => shop.public.attest(OTHER, CLAIMS), /about another artifact/],
    [
      "that says something else than how it was built",
      () => shop.public.attest(DIGEST, CLAIMS, { predicateType: "https://cyclonedx.org/bom" }),
      /does not say how it was built/,
    ],
    [
      "whose statement was changed afterwards",
      async () => {
        const bundle = (await shop.public.attest(OTHER, CLAIMS)) as Bundle
        const [, value] = DIGEST.split(":")
        const statement = JSON.parse(Buffer.from(bundle.dsseEnvelope.payload, "base64").toString())
        const changed = payload({ ...statement, subject: [{ digest: { sha256: value } }] })
        return { ...bundle, dsseEnvelope: { ...bundle.dsseEnvelope, payload: changed } }
      },
      /signature does not hold/,
    ],
    [
      "with the certificate of another one",
      async () => {
        const [ours, theirs] = [
          (await shop.public.attest(DIGEST, CLAIMS)) as Bundle,
          (await shop.public.attest(DIGEST, { ...CLAIMS, sha: "f".repeat(40) })) as Bundle,
        ]
        return { ...ours, verificationMaterial: theirs.verificationMaterial }
      },
      /signature does not hold/,
    ],
    [
      "without its entry in the log",
      async () => {
        const bundle = (await shop.public.attest(DIGEST, CLAIMS)) as Bundle
        return { ...bundle, verificationMaterial: { ...bundle.verificationMaterial, tlogEntries: [] } }
      },
      /signature does not hold|no bundle/,
    ],
    [
      "of a machine that is no workflow",
      () => shop.public.attest(DIGEST, { iss: "https://accounts.example" } as Claims),
      /not one of a workflow/,
    ],
    ["that is none", async () => ({ mediaType: "text/plain" }), /no bundle of Sigstore's/],
    ["that is nothing at all", async () => null, /no bundle of Sigstore's/],
  ])("%s counts for nothing", async (_, bundle, because) => {
    expect(await both()(await bundle(), DIGEST)).toEqual({
      is: "refused",
      because: expect.stringMatching(because),
    })
  })

  test("of the private instance counts for nothing where only the public one is trusted", async () => {
    expect(await trusting(shop.public.root)(await shop.private.attest(DIGEST, CLAIMS), DIGEST)).toMatchObject({
      is: "refused",
    })
  })
})

describe("the file of trusted roots", () => {
  test("is read again after an hour", async () => {
    const file = join(directory, "changing.jsonl")
    let clock = 0
    const verify = createAttestations(file, () => clock)
    const bundle = await shop.public.attest(DIGEST, CLAIMS)
    writeFileSync(file, shop.private.root)
    expect(await verify(bundle, DIGEST)).toMatchObject({ is: "refused" })
    writeFileSync(file, shop.public.root)
    expect(await verify(bundle, DIGEST)).toMatchObject({ is: "refused" })
    clock += 60 * 60_000 + 1
    expect(await verify(bundle, DIGEST)).toMatchObject({ is: "verified" })
  })

  test.each([
    ["is missing", undefined],
    ["is empty", "\n"],
    ["is none", "trust me"],
  ])("that %s is an error, not a refusal", async (_, content) => {
    const file = join(directory, "bad.jsonl")
    await rm(file, { force: true })
    if (content !== undefined) writeFileSync(file, content)
    await expect(createAttestations(file)({}, DIGEST)).rejects.toThrow()
  })
})
