import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { onTestFinished } from "vitest"

/** A folder that goes away with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "slipway-cli-"))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/**
 * A repository of a test does not outlive it: git waits for no disk, and no commit starts a second process that looks
 * whether there is anything to tidy up. https://git-scm.com/docs/git-config (core.fsync, maintenance.auto)
 */
const SHORT_LIVED = {
  GIT_CONFIG_COUNT: "2",
  GIT_CONFIG_KEY_0: "core.fsync",
  GIT_CONFIG_VALUE_0: "none",
  GIT_CONFIG_KEY_1: "maintenance.auto",
  GIT_CONFIG_VALUE_1: "false",
}

/** A real git repository, untouched by the settings of whoever runs the tests. */
export class LocalClone {
  readonly directory: string
  private minute = 0

  constructor(directory = temporaryFolder()) {
    this.directory = directory
    this.git("init", "-q", "--template=", "-b", "main")
  }

  git(...args: readonly string[]): string {
    this.minute += 1
    const date = new Date(Date.UTC(2026, 10, 1, 10, this.minute)).toISOString()
    const who = { GIT_AUTHOR_NAME: "Lea", GIT_AUTHOR_EMAIL: "12+lea@users.noreply.github.com" }
    const committer = { GIT_COMMITTER_NAME: "GitHub", GIT_COMMITTER_EMAIL: "noreply@github.com" }
    const settings = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null", ...SHORT_LIVED }
    const dates = { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date }
    const env = { ...process.env, ...settings, ...who, ...committer, ...dates }
    return execFileSync("git", ["-C", this.directory, ...args], {
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    }).trim()
  }

  /** Commits with these messages, one after another; gives the last one's SHA. */
  commit(...messages: readonly string[]): string {
    for (const message of messages) this.git("commit", "-q", "--allow-empty", "-m", message)
    return this.git("rev-parse", "HEAD")
  }

  write(path: string, text: string): string {
    mkdirSync(dirname(join(this.directory, path)), { recursive: true })
    writeFileSync(join(this.directory, path), text)
    this.git("add", "--", path)
    return this.commit(`chore: write ${path}`)
  }
}
