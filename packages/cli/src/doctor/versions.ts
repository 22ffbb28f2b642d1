/** Major, minor and patch of a version; what is none is 0. */
export function parseVersion(version: string): readonly [major: number, minor: number, patch: number] {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.+-]/).map((part) => Number.parseInt(part, 10) || 0)
  return [major, minor, patch]
}

/** Whether a version is not below another. */
export function isAtLeast(version: string, least: string): boolean {
  const [a, b] = [parseVersion(version), parseVersion(least)]
  const index = a.findIndex((part, i) => part !== b[i])
  return index === -1 || (a[index] ?? 0) > (b[index] ?? 0)
}

/** Whether a version is in a range such as `^1.10.0`: the only kind that our packages have. Other kinds hold everything. */
export function isInCaret(version: string, range: string): boolean {
  const [, least] = /^\^(\d+\.\d+\.\d+)$/.exec(range) ?? []
  if (least === undefined) return true
  const [major, minor] = parseVersion(version)
  const [wantedMajor, wantedMinor] = parseVersion(least)
  // Below 1.0, each minor may break what the one before had.
  return isAtLeast(version, least) && major === wantedMajor && (major > 0 || minor === wantedMinor)
}

/** The oldest Node.js that is supported. */
export const OLDEST_NODE = '22.15.0'

/** Versions of openai that are hooked. Kept equal to those of the instrumentation by a test. */
export const OLDEST_OPENAI = '4.13.0'
/** @see OLDEST_OPENAI */
export const NEWEST_OPENAI_MAJOR = 7

/** Whether a version of openai is hooked. */
export function isHooked(version: string): boolean {
  return isAtLeast(version, OLDEST_OPENAI) && parseVersion(version)[0] <= NEWEST_OPENAI_MAJOR
}
