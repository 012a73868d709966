import { workspaceOf } from "../../../src/model/workspace.ts"
import { config, sha } from "./truth.ts"
import { type World, world } from "./world.ts"

/** Where each component lies. `api` and `web` keep one version; `shop` needs `core`, and `site` needs `shop`. */
const FOLDERS = { api: "api", web: "web", core: "packages/core", shop: "packages/shop", site: "packages/site" } as const
export type Part = keyof typeof FOLDERS
export const PARTS = Object.keys(FOLDERS) as Part[]

type Needs = { readonly [part: string]: readonly string[] }
const NEEDS: Needs = { shop: ["core"], site: ["shop"] }
const workspaceWith = (needs: Needs) =>
  workspaceOf(
    ["core", "shop", "site"].map((name) => ({
      path: `packages/${name}/package.json`,
      blob: name,
      name,
      needs: needs[name] ?? [],
    })),
    { root: ["packages/*"], pnpm: [] },
  )

export const tagOf = (part: Part, version: string): string =>
  `${part}${part === "api" || part === "web" ? "-v" : "@"}${version}`

/** A repository of five components, each at its 1.0.0 unless another version is said. */
export function partsWorld(
  versions: { readonly [P in Part]?: string } = {},
  written: object = {},
  needs = NEEDS,
): World {
  return world((w) => {
    w.announcements = { is: "off", because: "a test" }
    w.truth.config = config({
      components: { api: { path: "api" }, web: { path: "web" } },
      workspaces: true,
      linked: ["api", "web"],
      ...written,
    })
    w.truth.workspace = workspaceWith(needs)
    for (const part of PARTS) {
      const version = versions[part] ?? "1.0.0"
      w.truth.tags.set(tagOf(part, version), { sha: sha(1), version })
    }
  })
}

export const filesOf = (parts: readonly Part[]): string[] =>
  parts.length === 0 ? ["README.md"] : parts.map((part) => `${FOLDERS[part]}/file.txt`)

/** Ann's change of some components; of none: it lies outside. */
export const land = (w: World, message: string, ...parts: readonly Part[]): World =>
  w.push(message, { files: filesOf(parts) }).run()

export const openOf = (w: World, part: Part) =>
  w.known.releases.find(({ component, phase }) => component === part && phase.is !== "published")

/** Ben presses on the page of a component, if it has one. */
export function press(w: World, button: "approve" | "publish" | "recut", part: Part): World {
  const open = openOf(w, part)
  return open?.shown ? w.click(button, "ben", w.readiness(open.id)).run() : w
}

/** Publishes what is drafted of a component. */
export const out = (w: World, part: Part): World => press(press(w, "approve", part), "publish", part)

/** By component: what its drafted release would be, and why. */
export function drafts(w: World): { readonly [part: string]: string } {
  const drafted = w.known.releases.filter(({ phase }) => phase.is === "drafted")
  return Object.fromEntries(
    drafted
      .map(
        ({ component, next }) =>
          [component, `${next.next}: ${next.because.map(({ subject }) => subject).join(", ")}`] as const,
      )
      .sort(),
  )
}
