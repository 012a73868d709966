import { type KubernetesPeer, startKubernetes } from "../../demo/peers/kubernetes.ts"
import type { DeploymentSeen, KubernetesPlace, Undo } from "../../src/model/kubernetes.ts"
import type { Outcome } from "../../src/model/outcome.ts"
import type { Repository } from "../../src/model/repository.ts"
import { createKubernetes } from "../../src/peers/kubernetes.ts"
import { privateNetworks } from "../../src/peers/probe-addresses.ts"
import { actBefore, apply, effect } from "./stage.ts"

const open: KubernetesPeer[] = []

export async function closeClusters(): Promise<void> {
  await Promise.all(open.splice(0).map((peer) => peer.close()))
}

const TOKEN = "s3cret-token"
const REPO: Repository = {
  id: "7",
  owner: "acme",
  name: "shop",
  defaultBranch: "main",
  private: false,
  installation: "1",
}

/** A fake API server on loopback, and the real act and client before it. */
export async function cluster(tls?: { readonly key: string; readonly cert: string }, opened = "127.0.0.0/8") {
  const peer = await startKubernetes({ token: TOKEN, ...(tls ? { tls } : {}) })
  open.push(peer)
  const ask = createKubernetes({
    version: "1.2.3",
    allowed: privateNetworks(opened),
    secrets: { KUBERNETES: { host: peer.host, value: TOKEN } },
    timeoutMs: 2_000,
  })
  const place: KubernetesPlace = {
    server: peer.url,
    namespace: "prod",
    deployment: "shop",
    token: "KUBERNETES",
  }
  const act = actBefore({ kubernetes: () => ask })
  const look = (of: KubernetesPlace = place) =>
    apply(act, REPO, effect("kubernetes-look", "kubernetes-look:1:1:1", { place: of }))
  const undo = (undo: Undo, given: { readonly mayHaveHappened?: boolean } = {}): Promise<Outcome> =>
    apply(act, REPO, effect("kubernetes-undo", "kubernetes-undo:1:1", { place, undo }), given)
  return {
    peer,
    place,
    look,
    undo,
    async seen(): Promise<DeploymentSeen> {
      const outcome = await look()
      if (outcome.is !== "done") throw new Error(`it could not be looked at: ${outcome.because}`)
      return outcome.result?.seen as unknown as DeploymentSeen
    },
  }
}
