/** A Deployment in a cluster, and how its API server is reached. */
export interface KubernetesPlace {
  /** The API server: `https://k8s.acme.dev:6443`, with a path where a gateway stands before it. */
  readonly server: string
  readonly namespace: string
  readonly deployment: string
  /** The account's secret that is sent as a bearer token. */
  readonly token: string
  /** PEM, of who signed the server's certificate; absent: whom the process trusts. */
  readonly ca?: string
}

/** One pod template that a Deployment had: what one of its ReplicaSets keeps. */
export interface Revision {
  /** The name of the ReplicaSet. */
  readonly name: string
  /** As `kubectl rollout history` counts. */
  readonly number: number
  /** Of the pod template: equal for templates that say the same. */
  readonly template: string
  /** ISO 8601: when the ReplicaSet was made. What came back is older than what it replaced. */
  readonly made: string
  /** The images of its containers, by the container's name. */
  readonly images: { readonly [container: string]: string }
  /** What its pods say that they are: `app.kubernetes.io/version`. */
  readonly version?: string
}

/** How far a Deployment is with its present pod template. */
export type Rollout =
  | { readonly is: "done"; readonly replicas: number }
  | { readonly is: "waiting"; readonly because: string }

/** What the API server says of a Deployment. */
export interface DeploymentSeen {
  /** Of its present pod template, as in `Revision`. */
  readonly template: string
  readonly images: { readonly [container: string]: string }
  readonly version?: string
  readonly paused: boolean
  /** What would undo a change that is not made in Git: `Argo CD`, `Flux`, with how it is known. */
  readonly owner?: string
  readonly rollout: Rollout
  /** The newest first; the first few. */
  readonly revisions: readonly Revision[]
}

/** The one change that is made: from this pod template to that one, and from no other. */
export interface Undo {
  readonly revision: number
  /** The pod template that it goes back to, and the one that it leaves (`Revision.template`). */
  readonly template: string
  readonly left: string
}
