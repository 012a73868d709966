import { z } from "zod"
import { workflowFile } from "./config-publish.ts"
import { mapOf, matching, text } from "./field.ts"
import { quoteAll } from "./quote.ts"

/**
 * What stands in braces in what deploys a release. What people wrote (why it is rolled back) is not among it: a workflow
 * that puts an input into a script would run it.
 */
const DEPLOY_FILLS = ["to", "tag", "commit", "from", "environment", "component", "repository", "by", "key"]

const filled = text.superRefine((written, context) => {
  const named = [...written.matchAll(/\{([a-z]{1,20})\}/g)].map(([, name = ""]) => name)
  const strange = named.find((name) => !DEPLOY_FILLS.includes(name))
  if (strange === undefined) return
  const known = quoteAll(DEPLOY_FILLS.map((name) => `{${name}}`))
  context.addIssue({ code: "custom", message: `must not name {${strange}}; known here are ${known}` })
})

const inputName = matching(/^[A-Za-z_][A-Za-z0-9_-]{0,99}$/, "must be the name of a workflow's input")
/** https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event: at most 25 */
const INPUTS_MOST = 25

/** A workflow that deploys. */
export const workflowBack = z.strictObject(
  {
    workflow: workflowFile.describe("Its file, which the default branch and `ref` have to have"),
    ref: filled
      .exactOptional()
      .describe("The branch or tag that it runs on; without it the tag of the earlier release"),
    inputs: mapOf(inputName, filled, INPUTS_MOST)
      .exactOptional()
      .describe("What it is given, with `{to}`, `{tag}`, `{commit}` and the like filled in"),
  },
  "must be a workflow such as `{ workflow: deploy.yml, inputs: { version: '{to}' } }`",
)

const SERVER_MUST =
  "must be the address of an API server such as `https://k8s.acme.dev:6443`, without credentials and nothing behind its path"
const server = text.refine((written) => {
  if (!URL.canParse(written) || /[{}$]/.test(written)) return false
  const { protocol, username, password, search, hash } = new URL(written)
  return (protocol === "https:" || protocol === "http:") && username + password + search + hash === ""
}, SERVER_MUST)

const CA_MOST = 50_000
const CA_MUST = "must be certificates in PEM, from `-----BEGIN CERTIFICATE-----` on, and nothing else"
const PEM = /^(?:-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]{1,20000}-----END CERTIFICATE-----\s*){1,10}$/
const ca = z.string({ error: CA_MUST }).max(CA_MOST, { error: CA_MUST, abort: true }).regex(PEM, CA_MUST)

/** A Deployment in a cluster. Names: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
export const clusterBack = z.strictObject(
  {
    server: server.describe("The API server, as the kubeconfig names it"),
    namespace: matching(/^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/, "must be the name of a namespace"),
    deployment: matching(/^[a-z0-9](?:[-.a-z0-9]{0,251}[a-z0-9])?$/, "must be the name of a Deployment"),
    token: matching(
      /^[A-Z][A-Z0-9_]{0,63}$/,
      "must be the name of a secret of the account, in capitals, such as `KUBERNETES`",
    ).describe("The account's secret that is sent as a bearer token"),
    ca: ca.exactOptional().describe("Who signed the server's certificate; without it whom the process trusts"),
    image: filled
      .exactOptional()
      .describe("The image of a release, such as `ghcr.io/acme/shop:{to}`: by it its revision is known"),
  },
  "must be a Deployment such as `{ server: …, namespace: shop, deployment: shop, token: KUBERNETES }`",
)
