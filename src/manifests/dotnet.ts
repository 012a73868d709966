import { quote } from "../model/quote.ts"
import { found, missing } from "./located.ts"
import type { Located, Source } from "./manifest.ts"
import { children, type Element, readXml } from "./xml-tree.ts"

/**
 * `*.csproj` and its like, `Directory.Build.props`: `Version`, else `VersionPrefix`, of every property group
 * (https://learn.microsoft.com/dotnet/core/tools/csproj#version). Nothing is added.
 */
export function locateInDotnet(source: Source): Located {
  const project = readXml(source)
  if (project.is === "missing") return project
  const groups = children(project, "PropertyGroup")
  const said = (name: string): readonly Element[] => groups.flatMap((group) => children(group, name))
  const versions = said("Version")
  const prefixes = said("VersionPrefix")
  const [suffix] = said("VersionSuffix")
  if (versions.length === 0 && prefixes.length > 0 && suffix)
    return missing(
      source,
      "the version is put together of a prefix and this suffix; write one `<Version>` instead",
      suffix.at,
    )
  return all(source, versions.length > 0 ? versions : prefixes)
}

function all(source: Source, elements: readonly Element[]): Located {
  const strange = elements.find(({ text }) => !text || text.value.includes("$("))
  if (strange)
    return missing(
      source,
      `\`<${strange.name}>\` is taken from elsewhere, as ${quote(strange.text?.value ?? "")}; name the file that says it`,
      strange.at,
    )
  const [first, ...rest] = elements.flatMap(({ text }) => (text ? [text.span] : []))
  if (first) return found(first, ...rest)
  return missing(source, "it has no `<Version>` in a `<PropertyGroup>`; write the present one there once")
}
