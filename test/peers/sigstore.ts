import { generateKeyPairSync } from "node:crypto"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { text } from "node:stream/consumers"
import { bundleToJSON } from "@sigstore/bundle"
import {
  fulcioHandler,
  initializeCA,
  initializeCTLog,
  initializeTLog,
  initializeTSA,
  rekorHandler,
  tsaHandler,
} from "@sigstore/mock"
import { HashAlgorithm, PublicKeyDetails, TrustedRoot } from "@sigstore/protobuf-specs"
import { DSSEBundleBuilder, FulcioSigner, RekorWitness, TSAWitness } from "@sigstore/sign"

/** What GitHub's token says of a workflow that runs. */
export interface Claims {
  readonly iss: string
  readonly repository: string
  readonly repository_id: string
  readonly sha: string
  /** The workflow that signs, a reusable one where the job calls one. */
  readonly job_workflow_ref: string
  /** The GitHub that it runs on; github.com unless given. */
  readonly host?: string
}

export interface Sigstore {
  /** A line of the file of trusted roots. */
  readonly root: string
  /** The bundle that `actions/attest-build-provenance` would make: a real certificate and a real signature. */
  attest(digest: string, claims: Claims, statement?: object): Promise<unknown>
}

const LOG_URL = "https://rekor.example"
const bytes = (view: ArrayBufferView<ArrayBuffer>): Buffer => Buffer.from(view.buffer, view.byteOffset, view.byteLength)

const EPOCH = new Date("2020-01-01T00:00:00Z")

/**
 * An instance of Sigstore of our own, with its own root: a certificate authority, and either a public log (as the public
 * instance has one) or a timestamp authority (as GitHub's own has). What it signs is verified like all else; nobody but a
 * test trusts its root.
 */
export async function startSigstore(kind: "public" | "private"): Promise<Sigstore & AsyncDisposable> {
  const key = () => generateKeyPairSync("ec", { namedCurve: "P-256" })
  const large = () => generateKeyPairSync("ec", { namedCurve: "P-384" })
  const ctlog = kind === "public" ? await initializeCTLog(key()) : undefined
  // Whole seconds: RFC 3161 has them, and the verifier reads no others. In a minute: the authorities' certificates, which
  // begin at the present second, are good by then. A public log tells the time itself.
  const clock = kind === "private" ? new Date(Math.ceil(Date.now() / 1000) * 1000 + 60_000) : undefined
  const ca = await initializeCA(large(), ctlog, clock)
  const tlog = await initializeTLog(LOG_URL, key())
  const tsa = await initializeTSA(large(), clock)
  const handlers = [fulcioHandler(ca, { subjectClaim: "san" }), rekorHandler(tlog), tsaHandler(tsa)]
  const server = createServer(async (request, response) => {
    const handler = handlers.find(({ path }) => path === request.url)
    const answer = await handler?.fn(await text(request))
    response.writeHead(answer?.statusCode ?? 404, { "content-type": answer?.contentType ?? "text/plain" })
    response.end(answer?.response)
  }).listen(0, "127.0.0.1")
  await new Promise((resolve) => server.once("listening", resolve))
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const log = (it: { readonly publicKey: Buffer }, keyId: Buffer) => ({
    baseUrl: LOG_URL,
    hashAlgorithm: HashAlgorithm.SHA2_256,
    publicKey: {
      rawBytes: it.publicKey,
      keyDetails: PublicKeyDetails.PKIX_ECDSA_P256_SHA_256,
      validFor: { start: EPOCH, end: undefined },
    },
    logId: { keyId },
    checkpointKeyId: undefined,
    operator: "",
  })
  const authority = (...chain: readonly Buffer[]) => ({
    subject: { organization: "test", commonName: "test" },
    uri: baseURL,
    certChain: { certificates: chain.map((rawBytes) => ({ rawBytes })) },
    validFor: { start: EPOCH, end: undefined },
    operator: "",
  })
  const sha256 = async (it: Buffer) => Buffer.from(await crypto.subtle.digest("SHA-256", new Uint8Array(it)))
  const root = TrustedRoot.toJSON({
    mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    tlogs: kind === "public" ? [log(tlog, await sha256(tlog.publicKey))] : [],
    ctlogs: ctlog ? [log(ctlog, bytes(ctlog.logID))] : [],
    certificateAuthorities: [authority(bytes(ca.rootCertificate))],
    timestampAuthorities: kind === "private" ? [authority(bytes(tsa.intCertificate), bytes(tsa.rootCertificate))] : [],
  })
  return {
    root: JSON.stringify(root),
    async attest(digest, claims, statement) {
      const signer = new FulcioSigner({
        fulcioBaseURL: baseURL,
        identityProvider: { getToken: async () => unsignedToken(claims) },
      })
      const witness =
        kind === "public"
          ? new RekorWitness({ rekorBaseURL: baseURL, entryType: "intoto" })
          : new TSAWitness({ tsaBaseURL: baseURL })
      const builder = new DSSEBundleBuilder({ signer, witnesses: [witness] })
      const [algorithm = "", value = ""] = digest.split(":")
      const said = {
        _type: "https://in-toto.io/Statement/v1",
        subject: [{ name: "shop", digest: { [algorithm]: value } }],
        predicateType: "https://slsa.dev/provenance/v1",
        predicate: {},
        ...statement,
      }
      const bundle = await builder.create({
        data: Buffer.from(JSON.stringify(said)),
        type: "application/vnd.in-toto+json",
      })
      return bundleToJSON(bundle)
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The certificate authority of the tests looks at what a token says, and not at who signed it. */
function unsignedToken(claims: Claims): string {
  const part = (it: object) => Buffer.from(JSON.stringify(it)).toString("base64url")
  const san = `${claims.host ?? "https://github.com"}/${claims.job_workflow_ref}`
  const body = { ...claims, sub: `repo:${claims.repository}:ref:refs/heads/main`, san }
  return `${part({ alg: "none" })}.${part(body)}.${Buffer.from("none").toString("base64url")}`
}
