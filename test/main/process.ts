import { spawn } from "node:child_process"
import { generateKeyPairSync } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expectNoLeak } from "../secrets/planted.ts"

const MAIN = join(import.meta.dirname, "..", "..", "src", "main.ts")

export const { privateKey: KEY } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
})

/** A folder that `remove` takes away. */
export function dataFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "slipway-main-"))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** `node src/main.ts` with nothing in its environment but `env`. */
export function startProcess(env: { readonly [name: string]: string }) {
  const child = spawn(process.execPath, [MAIN], { env: { PATH: process.env.PATH ?? "", ...env } })
  let out = ""
  let err = ""
  const ended = new Promise<{ code: number | null; err: string }>((resolve, reject) =>
    child.on("close", (code) => {
      try {
        expectNoLeak("the process", out + err)
        resolve({ code, err })
      } catch (error) {
        reject(error)
      }
    }),
  )
  const url = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text
      const found = /"url":"([^"]+)"/.exec(out)?.[1]
      if (found) resolve(found)
    })
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      err += text
    })
    child.on("close", () => reject(new Error(`it ended before it listened:\n${err}${out}`)))
  })
  url.catch(() => undefined)
  return { url, ended, kill: (signal: NodeJS.Signals) => child.kill(signal), log: () => out }
}
