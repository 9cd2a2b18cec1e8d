/** Reads `Source: gcc-14 (14.2.0-19)`: name and version are left out where they are the package's own. */
export function sourceOf(field: string | undefined, name: string, version: string) {
  const [, source = name, sourceVersion = version] =
    /^(\S+)(?:\s+\(([^)]+)\))?$/.exec(field ?? '') ?? [];
  return { name: source, version: sourceVersion };
}
