import type { Deployment } from "./objects.ts"

/**
 * What would undo a change that is not made in Git; undefined: nothing that is known here.
 *
 * Argo CD marks what it keeps by an annotation, or by a label, which charts set as well: that one counts where its
 * controller writes to the object. https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/
 * Flux marks it by labels, and leaves alone what says so.
 * https://fluxcd.io/flux/components/kustomize/kustomizations/, https://fluxcd.io/flux/components/helm/helmreleases/
 */
export function ownerOf({ metadata }: Deployment): string | undefined {
  const labels = metadata.labels ?? {}
  const annotations = metadata.annotations ?? {}
  const managers = (metadata.managedFields ?? []).flatMap(({ manager }) => manager ?? [])
  if ("argocd.argoproj.io/tracking-id" in annotations) return "Argo CD (its annotation argocd.argoproj.io/tracking-id)"
  if ("argocd.argoproj.io/instance" in labels) return "Argo CD (its label argocd.argoproj.io/instance)"
  if ("app.kubernetes.io/instance" in labels && managers.some((name) => name.startsWith("argocd-")))
    return "Argo CD (its label app.kubernetes.io/instance, which argocd-controller keeps)"
  if (annotations["kustomize.toolkit.fluxcd.io/reconcile"] === "disabled") return undefined
  const flux = ["kustomize.toolkit.fluxcd.io/name", "helm.toolkit.fluxcd.io/name"].find((name) => name in labels)
  return flux === undefined ? undefined : `Flux (its label ${flux})`
}
