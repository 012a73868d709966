/** `packages/api/package.json` → `packages/api`; the repository's root is "". */
export const dirname = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")))

export const basename = (path: string): string => path.slice(path.lastIndexOf("/") + 1)

/** A folder as it is called from another that holds it; "" is the same one, `undefined` one that is not inside. */
export function relative(from: string, folder: string): string | undefined {
  if (folder === from) return ""
  const start = from === "" ? "" : `${from}/`
  return folder.startsWith(start) ? folder.slice(start.length) : undefined
}
