import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { createServer as createTlsServer } from "node:https"
import type { AddressInfo } from "node:net"
import { discovery } from "./kubernetes/discovery.ts"
import { applyPatch, type Json, type Operation } from "./kubernetes/json-patch.ts"
import { Namespace, type Workload } from "./kubernetes/namespace.ts"

/** One request that came, in the order in which it came. */
export interface Asked {
  readonly method: string
  readonly path: string
  readonly type: string | undefined
  readonly body: Json | undefined
}

/**
 * An API server with Deployments and ReplicaSets, and the controller that makes the one from the other: good enough for the
 * real kubectl. Objects are kept and given back as they came, with every field that nobody here knows.
 */
export async function startKubernetes({ token, tls }: { token?: string; tls?: { key: string; cert: string } } = {}) {
  const namespaces = new Map<string, Namespace>()
  const asked: Asked[] = []
  let before: ((request: Asked) => { status: number; reason?: string } | undefined) | undefined
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    void bodyOf(request).then((body) => {
      const { method = "GET", url = "/" } = request
      const one: Asked = { method, path: url, type: request.headers["content-type"], body }
      asked.push(one)
      // A watch stays open, and nothing happens: whoever watches has listed before.
      if (url.includes("watch=true")) {
        response.writeHead(200, { "content-type": "application/json" }).flushHeaders()
        return
      }
      const refused = before?.(one)
      const answer = refused
        ? failure(refused.status, refused.reason)
        : token !== undefined && request.headers.authorization !== `Bearer ${token}`
          ? failure(401, "Unauthorized")
          : answerTo(namespaces, one)
      send(response, answer)
    })
  }
  const server = tls ? createTlsServer(tls, listener) : createServer(listener)
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    host,
    url: `${tls ? "https" : "http"}://${host}`,
    asked,
    /** Somebody applies a Deployment: it is made, or changed to this. */
    apply: (deployment: Workload): void => namespaceOf(namespaces, deployment).apply(deployment),
    /** Puts a Deployment and its ReplicaSets as they are given, without a controller that touches them. */
    place: (deployment: Workload, sets: readonly Workload[]): void =>
      namespaceOf(namespaces, deployment).place(deployment, sets),
    deployment: (namespace: string, name: string): Workload | undefined => namespaces.get(namespace)?.deployment(name),
    /** The pods of the newest template come up, and those of others end. */
    rollOut: (namespace: string, name: string): void => namespaces.get(namespace)?.rollOut(name),
    /** Answers some requests in the server's place; undefined: none any more. */
    intercept: (answer: typeof before): void => {
      before = answer
    },
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}

export type KubernetesPeer = Awaited<ReturnType<typeof startKubernetes>>

interface Answer {
  readonly status: number
  readonly body: unknown
}

function namespaceOf(all: Map<string, Namespace>, { metadata }: Workload): Namespace {
  const name = metadata.namespace ?? "default"
  const found = all.get(name) ?? new Namespace()
  all.set(name, found)
  return found
}

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
const failure = (status: number, reason = "Unknown"): Answer => ({
  status,
  body: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", reason, message: reason, code: status },
})

function answerTo(namespaces: ReadonlyMap<string, Namespace>, { method, path, type, body }: Asked): Answer {
  const url = new URL(path, "http://api.example")
  const found = discovery(url.pathname)
  if (found) return { status: 200, body: found }
  const [, name = "", resource, object] =
    /^\/apis\/apps\/v1\/namespaces\/([^/]+)\/(deployments|replicasets)(?:\/([^/]+))?$/.exec(url.pathname) ?? []
  const namespace = namespaces.get(name)
  if (!namespace) return failure(404, "NotFound")
  if (resource === "replicasets" && method === "GET" && object === undefined) {
    const { items, next } = namespace.list(url.searchParams)
    return {
      status: 200,
      body: { kind: "ReplicaSetList", apiVersion: "apps/v1", metadata: { resourceVersion: "1", ...next }, items },
    }
  }
  if (resource === "deployments" && method === "GET" && object === undefined && !url.searchParams.has("watch"))
    return { status: 200, body: deploymentList(namespace, url.searchParams.get("fieldSelector") ?? "") }
  const deployment = resource === "deployments" && object !== undefined ? namespace.deployment(object) : undefined
  if (!deployment) return failure(404, "NotFound")
  if (method === "GET") return { status: 200, body: deployment }
  if (method !== "PATCH") return failure(405, "MethodNotAllowed")
  if (type !== "application/json-patch+json") return failure(415, "UnsupportedMediaType")
  return patch(namespace, deployment, body as unknown as readonly Operation[])
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/: by name alone */
const deploymentList = (namespace: Namespace, selector: string) => ({
  kind: "DeploymentList",
  apiVersion: "apps/v1",
  metadata: { resourceVersion: "1" },
  items: [namespace.deployment(selector.replace("metadata.name=", ""))].flatMap((found) => found ?? []),
})

/**
 * A patch is applied to the object as it is; where it names another version, storing it is a conflict.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions
 */
function patch(namespace: Namespace, deployment: Workload, operations: readonly Operation[]): Answer {
  const next = applyPatch(deployment as unknown as Json, operations)
  if (next === undefined) return failure(422, "Invalid")
  const changed = next as unknown as Workload
  if (changed.metadata.resourceVersion !== deployment.metadata.resourceVersion) return failure(409, "Conflict")
  namespace.apply(changed)
  return { status: 200, body: namespace.deployment(deployment.metadata.name) }
}

async function bodyOf(request: IncomingMessage): Promise<Json | undefined> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString("utf8")
  return text === "" ? undefined : (JSON.parse(text) as Json)
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.statusCode = status
  response.setHeader("content-type", "application/json")
  response.end(JSON.stringify(body))
}
