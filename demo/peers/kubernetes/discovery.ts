const VERBS = ["get", "list", "patch", "watch"]
const resource = (name: string, kind: string, short: string) => ({
  name,
  singularName: kind.toLowerCase(),
  namespaced: true,
  kind,
  verbs: VERBS,
  shortNames: [short],
})
const APPS = { groupVersion: "apps/v1", version: "v1" }

/** What kubectl asks before anything else: which kinds there are. */
export function discovery(path: string): object | undefined {
  switch (path) {
    case "/api":
      return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] }
    case "/api/v1":
      return { kind: "APIResourceList", groupVersion: "v1", resources: [] }
    case "/apis":
      return {
        kind: "APIGroupList",
        apiVersion: "v1",
        groups: [{ name: "apps", versions: [APPS], preferredVersion: APPS }],
      }
    case "/apis/apps/v1":
      return {
        kind: "APIResourceList",
        apiVersion: "v1",
        groupVersion: "apps/v1",
        resources: [resource("deployments", "Deployment", "deploy"), resource("replicasets", "ReplicaSet", "rs")],
      }
    case "/version":
      return { major: "1", minor: "32", gitVersion: "v1.32.0" }
    default:
      return undefined
  }
}
