import { parse } from "semver"

const PLACE = "{version}"

/** The tag of a version by a template such as `v{version}` or `api-v{version}`. */
export const tagOf = (version: string, template: string): string => template.replaceAll(PLACE, () => version)

/**
 * The version that a tag stands for, without a `v`; null where the tag does not follow the template or is no
 * SemVer 2.0.0 (such tags are nobody's release: they are ignored, never an error).
 */
export function versionOfTag(tag: string, template: string): string | null {
  const at = template.indexOf(PLACE)
  const before = at < 0 ? template : template.slice(0, at)
  const after = at < 0 ? "" : template.slice(at + PLACE.length)
  if (tag.length <= before.length + after.length || !tag.startsWith(before) || !tag.endsWith(after)) return null
  const text = tag.slice(before.length, tag.length - after.length)
  const parsed = parse(text)
  if (!parsed) return null
  // `parse` is lenient about blanks and a leading `v`: `vv1.0.0` must not be read as a release of `v{version}`.
  const version = [parsed.version, ...(parsed.build.length > 0 ? [parsed.build.join(".")] : [])].join("+")
  return version === text ? version : null
}
