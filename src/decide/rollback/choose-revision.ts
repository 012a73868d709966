import type { DeploymentSeen, Revision, Undo } from "../../model/kubernetes.ts"
import { short } from "../wording.ts"

/** The release that is gone back to, or the one that is left. */
export interface Sought {
  readonly version: string
  readonly tag: string
  readonly sha: string
  /** The digests of what its deployment named. */
  readonly artifact: readonly string[]
}

export interface Asked {
  readonly to: Sought
  readonly from: Sought
  /** What the configuration says that the image of `to` is. */
  readonly image?: string
  /** Nothing else is known to have been tried there between the two. */
  readonly isBefore: boolean
  /** A drill comes back from where it went: what it left is the one before, and newer than what runs. */
  readonly isReturn?: boolean
}

/** What is to become of a Deployment. `says`: by what the revision is known to be the right one. */
export type Choice =
  | ({ readonly is: "go"; readonly says: string } & Undo)
  /** What is wanted runs there already, as revision `revision`. */
  | ({ readonly is: "there"; readonly says: string } & Undo)
  | { readonly is: "none"; readonly because: string }

/**
 * Which pod template a Deployment is to have. The one that says that it is the release which was good; where none says
 * anything, the one before, as `kubectl rollout undo` takes it: but only where that can be nothing but that release.
 */
export function chooseRevision(seen: DeploymentSeen, asked: Asked): Choice {
  if (seen.owner !== undefined)
    return { is: "none", because: `${seen.owner} keeps it and would undo the change: it is rolled back in Git` }
  if (seen.paused)
    return { is: "none", because: "it is paused: `kubectl rollout resume` lets it change, then press Roll back again" }
  const present = presentOf(seen)
  const telling = tellingPlaces(seen)
  const named = (present.number === 0 ? [present, ...seen.revisions] : seen.revisions).flatMap((one) => {
    const says = saysOf(one, asked, telling)
    return says === undefined ? [] : [{ ...one, says }]
  })
  // One that was written again counts anew: of equal templates there is one.
  const there = named.find(({ template }) => template === seen.template)
  const found = there ?? named[0]
  if (found)
    return {
      is: there ? "there" : "go",
      revision: found.number,
      template: found.template,
      left: seen.template,
      says: found.says,
    }
  if (asked.image !== undefined) return { is: "none", because: `none of its revisions has the image ${asked.image}` }
  return previous(seen, present, asked, telling)
}

/** The revision that runs; one that its controller has not numbered yet has none. */
const presentOf = ({ revisions, template, images, version }: DeploymentSeen): Revision =>
  revisions.find((one) => one.template === template) ?? {
    name: "",
    number: 0,
    template,
    made: "",
    images,
    ...(version === undefined ? {} : { version }),
  }

const LABEL = "app.kubernetes.io/version"

/** Where pod templates say different things: what is the same in all of them, such as a sidecar, tells none from another. */
function tellingPlaces({ revisions, images, version }: DeploymentSeen): ReadonlySet<string> {
  const all = [{ images, version }, ...revisions]
  const names = new Set(all.flatMap((one) => Object.keys(one.images)))
  const containers = [...names].filter((name) => new Set(all.map((one) => one.images[name])).size > 1)
  return new Set([...containers, ...(new Set(all.map((one) => one.version)).size > 1 ? [LABEL] : [])])
}

/** By what a revision is known to be of the release that is gone back to; undefined: by nothing. */
function saysOf(one: Revision, { to, image }: Asked, telling: ReadonlySet<string>): string | undefined {
  const images = Object.entries(one.images)
  if (image !== undefined) return images.some(([, each]) => each === image) ? `its image is ${image}` : undefined
  if (images.some(([, each]) => to.artifact.some((digest) => each.endsWith(`@${digest}`))))
    return "its image has the digest of what was deployed"
  if (telling.has(LABEL) && isNameOf(one.version, to)) return `its label ${LABEL} says ${one.version}`
  const tagged = images.find(([name, each]) => telling.has(name) && isNameOf(tagOf(each), to))
  return tagged && `its container ${tagged[0]} has the tag ${tagOf(tagged[1])}`
}

/** `ghcr.io:443/acme/shop:1.4.2@sha256:…` → `1.4.2` */
function tagOf(image: string): string | undefined {
  const [path = ""] = image.split("@", 1)
  const last = path.slice(path.lastIndexOf("/") + 1)
  return last.includes(":") ? last.slice(last.lastIndexOf(":") + 1) : undefined
}

/** Fewer characters of a commit are no name of it. */
const SHA_LEAST = 7

function isNameOf(word: string | undefined, { version, tag, sha }: Sought): boolean {
  if (word === undefined || word === "") return false
  if ([version, tag, `v${version}`].includes(word)) return true
  const hex = word.replace(/^sha-/, "")
  return hex.length >= SHA_LEAST && /^[0-9a-f]+$/.test(hex) && sha.startsWith(hex)
}

/** The second newest of its revisions, which nothing says to be another release. */
function previous(seen: DeploymentSeen, present: Revision, asked: Asked, telling: ReadonlySet<string>): Choice {
  const { to, from } = asked
  const none = (because: string): Choice => ({ is: "none", because })
  const [newest, before] = seen.revisions
  if (!newest || !before) return none("it has no earlier revision")
  const what = `revision ${before.number}`
  if (before.template === seen.template) return none(`${what}, the one before, is what runs already`)
  if (newest.template !== seen.template) return none("its controller has not taken up its last change yet")
  // guard: back-to-the-bad-one
  if (before.made > present.made !== (asked.isReturn === true) || before.made === "")
    return none(
      asked.isReturn
        ? `${what}, the one before, was made before what runs now: it is not what was left`
        : `it was taken back already: ${what} was made after what runs now`,
    )
  if (isSame(before.images, present.images)) return none(`${what}, the one before, runs the very same images`)
  if (saysOf(before, { ...asked, to: from }, telling) !== undefined)
    return none(`${what}, the one before, runs ${from.version} as well`)
  if (!asked.isBefore)
    return none(
      `none of its revisions says that it is ${to.version} (${short(to.sha)}), and something else was there between`,
    )
  return {
    is: "go",
    revision: before.number,
    template: before.template,
    left: seen.template,
    says: "it is the one before; nothing in it says which release it is",
  }
}

function isSame(a: Revision["images"], b: Revision["images"]): boolean {
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name])
}
