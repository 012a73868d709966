import { toPeerError } from "../peers/errors.ts"
import type { OnGitHub } from "./context.ts"

/** The text of a file at a commit; null: it does not exist there; or why it is no text. */
export type FileAt =
  | { readonly is: "text"; readonly text: string }
  | { readonly is: "absent" }
  | { readonly is: "strange"; readonly because: string }

/**
 * One request, and one more above 1 MB: there GitHub sends the content only as a blob.
 * https://docs.github.com/en/rest/repos/contents#get-repository-content, https://docs.github.com/en/rest/git/blobs#get-a-blob
 * @throws what Octokit throws for anything but 404
 */
export async function readFileAt({ octokit, at }: OnGitHub, path: string, sha: string): Promise<FileAt> {
  try {
    const { data } = await octokit.rest.repos.getContent({ ...at, path, ref: sha })
    if (Array.isArray(data) || data.type !== "file") return { is: "strange", because: `${path} is not a file` }
    if ("encoding" in data && data.encoding === "base64") return decoded(path, data.content)
    const blob = await octokit.rest.git.getBlob({ ...at, file_sha: data.sha })
    return decoded(path, blob.data.content)
  } catch (error) {
    if (toPeerError(error).is === "gone") return { is: "absent" }
    throw error
  }
}

function decoded(path: string, base64: string): FileAt {
  try {
    const bytes = Buffer.from(base64, "base64")
    // A byte order mark is part of the file, and stays.
    return { is: "text", text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) }
  } catch {
    return { is: "strange", because: `${path} is not text in UTF-8` }
  }
}
