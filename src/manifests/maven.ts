import { quote } from "../model/quote.ts"
import { found, missing } from "./located.ts"
import type { Located, Source } from "./manifest.ts"
import { child, type Element, readXml } from "./xml-tree.ts"

/**
 * `pom.xml`: `project/version`, never the parent's (https://maven.apache.org/pom.html#Maven_Coordinates). A version that
 * is one property of the same file, such as `${revision}`, is that property.
 */
export function locateInMaven(source: Source): Located {
  const project = readXml(source)
  if (project.is === "missing") return project
  if (project.name !== "project") return missing(source, "its root is no `<project>`: this is no pom.xml", project.at)
  const version = child(project, "version")
  if (!version) return inherited(source, project)
  if (!version.text) return missing(source, "`<version>` holds no text", version.at)
  const { value, span } = version.text
  return value.includes("${") ? property(source, project, version, value) : found(span)
}

function inherited(source: Source, project: Element): Located {
  const parent = child(project, "parent")
  return parent
    ? missing(
        source,
        "the version is that of the `<parent>`; name the parent's pom.xml, and this file with `xpath: /project/parent/version`",
        parent.at,
      )
    : missing(source, "it has no `<version>` under `<project>`; write the present one there once")
}

function property(source: Source, project: Element, version: Element, value: string): Located {
  const [, name = ""] = /^\$\{([\w.-]+)\}$/.exec(value) ?? []
  const properties = child(project, "properties")
  const said = properties && child(properties, name)?.text
  if (said && !said.value.includes("${")) return found(said.span)
  return missing(
    source,
    `the version is put together, as ${quote(value)}; name the file that says it, with an \`xpath\``,
    version.at,
  )
}
