import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import { appendFileSync } from "node:fs"
import { join } from "node:path"
import { deflateSync } from "node:zlib"

export interface Shape {
  readonly commits: number
  /** Version tags, spread evenly; the last commit bears one, too. */
  readonly tags: number
}

const TYPES = ["feat(api): ", "fix: ", "chore(deps): ", "docs: ", "refactor(core): ", "perf: ", "test: ", ""]
const BODY =
  "This explains why the change was made, over a line or two, as people do.\n\n- first\n- second\n\nRefs: #1\n"
/** On the main line, each so many commits a branch of some commits is merged, as GitHub merges it. */
const MERGE_EVERY = 20
const BRANCH = 4

/**
 * Makes a bare git repository like those of real projects: squashed pull requests and merges that GitHub signed, direct
 * commits, branches, bodies, footers, and tags whose versions follow from what came before them. Messages are 140
 * characters long on average, and 8 of 100 commits bear a tag, as in the histories of test/replay. It is written as one
 * pack, as a clone is. The same for the same shape.
 */
export function makeHistory(directory: string, shape: Shape): void {
  const run = (args: readonly string[], input?: Buffer) =>
    execFileSync("git", [...args], { ...(input ? { input } : {}), stdio: ["pipe", "ignore", "inherit"] })
  run(["init", "-q", "--bare", "-b", "main", directory])
  const git = (args: readonly string[], input?: Buffer) => run(["-C", directory, ...args], input)
  git(["remote", "add", "origin", "https://github.com/acme/app.git"])
  const pack = new Pack()
  const shas: string[] = []
  const tags: string[] = []
  for (const { message, parents, tag, signed } of story(shape)) {
    const at = 1_500_000_000 + shas.length * 60
    const who = `Lea ${shas.length % 40} <${shas.length % 40}+lea-${shas.length % 40}@users.noreply.github.com> ${at} +0000`
    const committer = signed ? `GitHub <noreply@github.com> ${at} +0000` : who
    const from = parents.map((parent) => `parent ${shas[parent]}\n`).join("")
    const sha = pack.add(
      1,
      `tree ${EMPTY_TREE}\n${from}author ${who}\ncommitter ${committer}\n${signed ? signature(shas.length) : ""}\n${message}\n`,
    )
    shas.push(sha)
    if (tag) tags.push(`${sha} refs/tags/${tag}\n`)
  }
  git(["index-pack", "--stdin"], pack.end())
  appendFileSync(join(directory, "packed-refs"), `# pack-refs with: peeled fully-peeled \n${tags.join("")}`)
  git(["update-ref", "refs/heads/main", shas.at(-1) ?? ""])
}

interface Written {
  readonly message: string
  /** By their place in the story. */
  readonly parents: readonly number[]
  readonly tag?: string
  /** Made in GitHub's pages, which sign. */
  readonly signed: boolean
}

function* story({ commits, tags }: Shape): Generator<Written> {
  const every = commits / Math.max(1, tags)
  let made = 0
  let main: number | null = null
  let tagged = 0
  let [minor, patch] = [0, 0]
  let feature = false
  while (made < commits) {
    const number = made + 1
    const merges: boolean = main !== null && number % MERGE_EVERY === 0 && commits - made > BRANCH
    let side = main
    for (let at = 0; merges && at < BRANCH; at++) {
      const type: string = TYPES[(number + at) % TYPES.length] ?? ""
      feature ||= type.startsWith("feat")
      yield { message: `${type}part ${made} of a branch`, parents: side === null ? [] : [side], signed: false }
      side = made++
    }
    const type = TYPES[number % TYPES.length] ?? ""
    feature ||= type.startsWith("feat")
    const message = merges
      ? `Merge pull request #${number} from acme/topic-${number}\n\nfix: bring ${number}`
      : squash(number, type)
    const parents = [main, ...(merges ? [side] : [])].filter((it) => it !== null)
    const due: boolean = tags > 0 && (Math.floor((made + 1) / every) > tagged || made + 1 === commits)
    if (due) {
      tagged = Math.floor((made + 1) / every)
      if (feature) [minor, patch] = [minor + 1, 0]
      else patch += 1
      feature = false
    }
    const signed = merges || message.includes("(#")
    yield { message, parents, signed, ...(due ? { tag: `v1.${minor}.${patch}` } : {}) }
    main = made++
  }
}

function squash(number: number, type: string): string {
  const footer = number % 500 === 7 ? "\nBREAKING CHANGE: something else has to be called\n" : ""
  const pull = number % 3 === 0 ? "" : ` (#${number})`
  const body = number % 2 === 1 ? BODY : ""
  return `${type}change number ${number} of the thing${pull}${body || footer ? `\n\n${body}${footer}` : ""}`
}

/** As long as GitHub's; as random as one, so that it is compressed as badly. */
function signature(seed: number): string {
  const hash = (part: number) => createHash("sha512").update(`${seed} ${part}`).digest("base64")
  const lines = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((part) => ` ${hash(part)}\n`)
  return `gpgsig -----BEGIN PGP SIGNATURE-----\n \n${lines.join("")} -----END PGP SIGNATURE-----\n \n`
}

const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

/** A packfile of whole objects: https://git-scm.com/docs/gitformat-pack */
class Pack {
  readonly #parts: Buffer[] = []
  #count = 0

  constructor() {
    this.add(2, "")
  }

  /** @returns the object's SHA */
  add(type: 1 | 2, text: string): string {
    const content = Buffer.from(text)
    const head: number[] = []
    let rest = content.length >> 4
    let byte = (type << 4) | (content.length & 15)
    for (; rest > 0; rest >>= 7) {
      head.push(byte | 0x80)
      byte = rest & 0x7f
    }
    head.push(byte)
    this.#parts.push(Buffer.from(head), deflateSync(content, { level: 1 }))
    this.#count += 1
    const kind = type === 1 ? "commit" : "tree"
    return createHash("sha1").update(`${kind} ${content.length}\0`).update(content).digest("hex")
  }

  end(): Buffer {
    const header = Buffer.from("PACK\0\0\0\x02\0\0\0\0", "latin1")
    header.writeUInt32BE(this.#count, 8)
    const pack = Buffer.concat([header, ...this.#parts])
    return Buffer.concat([pack, createHash("sha1").update(pack).digest()])
  }
}
