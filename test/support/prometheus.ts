import { execFile, spawn } from "node:child_process"
import { access, mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { promisify } from "node:util"

const run = promisify(execFile)

/** One series with its samples, oldest first. */
export interface Series {
  readonly name: string
  readonly labels?: { readonly [label: string]: string }
  readonly samples: readonly (readonly [at: Date, value: number])[]
}

export interface PrometheusServer {
  readonly url: string
  stop(): Promise<void>
}

/**
 * A real Prometheus that has known these series since their times: they are written as blocks before it starts, so that
 * nobody waits for a scrape and a test's history stands at the times of the test's own clock.
 *
 * @throws if there is none to be had, with what to install
 */
export async function startPrometheus(series: readonly Series[]): Promise<PrometheusServer> {
  const { prometheus, promtool } = await findBinaries()
  const folder = await mkdtemp(join(tmpdir(), "slipway-prometheus-"))
  const data = join(folder, "data")
  await Promise.all([
    writeFile(join(folder, "history.txt"), openMetrics(series)),
    writeFile(join(folder, "prometheus.yml"), "global: { scrape_interval: 1m }\n"),
    mkdir(data),
  ])
  await run(promtool, ["tsdb", "create-blocks-from", "openmetrics", join(folder, "history.txt"), data])
  const port = await freePort()
  const server = spawn(
    prometheus,
    [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${data}`,
      "--storage.tsdb.retention.time=100y",
      `--web.listen-address=127.0.0.1:${port}`,
      "--log.level=error",
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  )
  const kill = () => void server.kill("SIGKILL")
  process.once("exit", kill)
  let said = ""
  server.stderr.on("data", (chunk: Buffer) => {
    said = `${said}${chunk.toString("utf8")}`.slice(-4_000)
  })
  const url = `http://127.0.0.1:${port}`
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()))
  const stop = async () => {
    process.off("exit", kill)
    kill()
    await ended
    await rm(folder, { recursive: true, force: true })
  }
  while (!(await isReady(url))) {
    if (server.exitCode !== null) {
      await stop()
      throw new Error(`Prometheus does not start: ${said}`)
    }
    await delay(20)
  }
  return { url, stop }
}

const isReady = async (url: string): Promise<boolean> => {
  const response = await fetch(`${url}/-/ready`).catch(() => undefined)
  await response?.body?.cancel()
  return response?.status === 200
}

/** https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md: a family's samples stand together. */
function openMetrics(series: readonly Series[]): string {
  const families = Map.groupBy(series, ({ name }) => name)
  const lines = [...families].flatMap(([name, all]) => [`# TYPE ${name} gauge`, ...all.flatMap(samplesOf)])
  return [...lines, "# EOF", ""].join("\n")
}

function samplesOf({ name, labels = {}, samples }: Series): readonly string[] {
  const of = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`)
  return samples.map(([at, value]) => `${name}{${of.join(",")}} ${value} ${at.getTime() / 1000}`)
}

interface Binaries {
  readonly prometheus: string
  readonly promtool: string
}

const CACHE = join(import.meta.dirname, "../../node_modules/.cache/slipway/prometheus")

/** Prometheus' own tool, by which rules are tested. */
export const findPromtool = async (): Promise<string> => (await findBinaries()).promtool

/** From the PATH; else from Debian's package, which is unpacked once beside the other things that npm fetched. */
async function findBinaries(): Promise<Binaries> {
  const folders = [...(process.env.PATH ?? "").split(delimiter), join(CACHE, "usr/bin")]
  const found = await firstWith(folders)
  if (found) return found
  try {
    await fetchPackage()
  } catch (cause) {
    throw new Error(
      "these tests ask a real Prometheus: install it (apt-get install prometheus), or let `apt-get download prometheus` work",
      { cause },
    )
  }
  const fetched = await firstWith(folders)
  if (!fetched) throw new Error("Debian's package prometheus holds no prometheus and promtool")
  return fetched
}

async function firstWith(folders: readonly string[]): Promise<Binaries | undefined> {
  for (const folder of folders) {
    const binaries = { prometheus: join(folder, "prometheus"), promtool: join(folder, "promtool") }
    const both = await Promise.all(Object.values(binaries).map(isThere))
    if (both.every(Boolean)) return binaries
  }
  return undefined
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/** Unpacked elsewhere and moved in one step: of two workers that do it at once either one's is whole. */
async function fetchPackage(): Promise<void> {
  await mkdir(join(CACHE, ".."), { recursive: true })
  const made = await mkdtemp(`${CACHE}-`)
  try {
    await run("apt-get", ["download", "prometheus"], { cwd: made })
    const [archive] = (await readdir(made)).filter((name) => name.endsWith(".deb"))
    await run("dpkg-deb", ["-x", join(made, archive ?? ""), join(made, "root")])
    await rename(join(made, "root"), CACHE).catch(async (error: unknown) => {
      if (!(await isThere(join(CACHE, "usr/bin/prometheus")))) throw error
    })
  } finally {
    await rm(made, { recursive: true, force: true })
  }
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0))
    })
  })
