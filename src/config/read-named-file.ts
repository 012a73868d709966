import { readFileSync } from "node:fs"

/**
 * Reads the file that an environment variable names.
 * @returns its text, or what to do; the variable's value is shown only when it looks like a path, since people do put
 * the secret itself there
 */
export function readNamedFile(
  variable: string,
  path: string,
): { ok: true; text: string } | { ok: false; problem: string } {
  if (/[\n\r{}]|-----|\\n/.test(path) || path.length > 300)
    return { ok: false, problem: `${variable} must be the path of a file, not what stands in it` }
  try {
    return { ok: true, text: readFileSync(path, "utf8") }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error"
    return { ok: false, problem: `${variable} names ${path}, which cannot be read (${code}): correct the path` }
  }
}
