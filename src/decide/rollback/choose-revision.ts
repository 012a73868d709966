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
  /** What the configuration says that the image of `to` is, and by the same words that of `from`. */
  readonly image?: string
  readonly imageLeft?: string
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
  if (asked.image !== undefined && asked.image === asked.imageLeft)
    return {
      is: "none",
      because: `the configuration says the image ${asked.image} of ${asked.from.version} as well: it has to have {to}, {tag} or {commit} in it`,
    }
  const present = presentOf(seen)
  const telling = tellingPlaces(seen)
  const named = (present.number === 0 ? [present, ...seen.revisions] : seen.revisions).flatMap((one) => {
    const says = saysOf(one, asked, telling)
    return says === undefined ? [] : [{ ...one, says, left: saysOf(one, leaving(asked), telling) }]
  })
  // What says that it is the bad release as well says nothing.
  const sure = named.filter(({ left }) => left === undefined)
  // One that was written again counts anew: of equal templates there is one.
  const there = sure.find(({ template }) => template === seen.template)
  const found = there ?? sure.find(({ images }) => !isSame(images, seen.images) || isPinned(images))
  if (found)
    return {
      is: there ? "there" : "go",
      revision: found.number,
      template: found.template,
      left: seen.template,
      says: found.says,
    }
  const because = unsure(present, asked, named)
  if (because !== undefined) return { is: "none", because }
  if (asked.image !== undefined) return { is: "none", because: `none of its revisions has the image ${asked.image}` }
  return previous(seen, present, asked, telling)
}

/** The same question for the release that is left. */
const leaving = ({ to, from, image: _, imageLeft, ...asked }: Asked): Asked => ({
  ...asked,
  to: from,
  from: to,
  ...(imageLeft === undefined ? {} : { image: imageLeft }),
})

const DIGEST_SHOWN = "sha256:".length + 12

/** Why what says that it is the release is not gone back to, or what runs is that of both. */
function unsure(
  present: Revision,
  { to, from }: Asked,
  [first]: readonly (Revision & { readonly says: string; readonly left: string | undefined })[],
): string | undefined {
  if (first) {
    const what = first.template === present.template ? "what runs" : `revision ${first.number}`
    return first.left === undefined
      ? `${what} is ${to.version} (${first.says}), and has the very same images as what runs, by tags that may have been moved`
      : `${what} is taken for ${to.version} (${first.says}), and for ${from.version} (${first.left})`
  }
  const shared = to.artifact.filter((digest) => from.artifact.includes(digest))
  const digest = shared.find((one) => Object.values(present.images).some((image) => image.endsWith(`@${one}`)))
  return digest === undefined || shared.length < to.artifact.length
    ? undefined
    : `${to.version} and ${from.version} are the same image there (${digest.slice(0, DIGEST_SHOWN)}): going back would change nothing`
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

/**
 * By what a revision is known to be of the release that is gone back to; undefined: by nothing. What both releases have,
 * such as the image of a sidecar, or the commit that both were made from, tells none from the other.
 */
function saysOf(one: Revision, { to, from, image }: Asked, telling: ReadonlySet<string>): string | undefined {
  const images = Object.entries(one.images)
  if (image !== undefined) return images.some(([, each]) => each === image) ? `its image is ${image}` : undefined
  const digests = to.artifact.filter((digest) => !from.artifact.includes(digest))
  if (images.some(([name, each]) => telling.has(name) && digests.some((digest) => each.endsWith(`@${digest}`))))
    return "its image has the digest of what was deployed"
  const names = (word: string | undefined) => isNameOf(word, to) && !isNameOf(word, from)
  if (telling.has(LABEL) && names(one.version)) return `its label ${LABEL} says ${one.version}`
  const tagged = images.find(([name, each]) => telling.has(name) && names(tagOf(each)))
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
  if (saysOf(before, leaving(asked), telling) !== undefined)
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

/** A digest is one content for ever: where the images are the same, what differs is the rest of the pod template. A tag may be moved. */
const isPinned = (images: Revision["images"]): boolean =>
  Object.values(images).every((image) => /@sha256:[0-9a-f]+$/.test(image))

function isSame(a: Revision["images"], b: Revision["images"]): boolean {
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name])
}
