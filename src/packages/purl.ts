/** The type of an image's package URL (purl-spec). */
export const imagePurlType = 'oci';

/** The parts of a package URL; empty and undefined qualifiers are left out. */
export interface PurlParts {
  readonly type: 'deb' | 'apk' | 'generic' | typeof imagePurlType;
  readonly namespace?: string;
  readonly name: string;
  readonly version?: string | undefined;
  readonly qualifiers?: Readonly<Record<string, string | undefined>>;
}

/** ECMA-427, "Character encoding": what encodeURIComponent leaves as it is and a purl does not. */
const encoded = (text: string): string =>
  encodeURIComponent(text)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%3A', ':');

/** A package URL in its canonical form (ECMA-427; https://github.com/package-url/purl-spec). */
export function purl({ type, namespace, name, version, qualifiers = {} }: PurlParts): string {
  const pairs = Object.entries(qualifiers)
    .filter(([, value]) => value !== undefined && value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value = '']) => `${key}=${encoded(value)}`);
  return [
    `pkg:${type}/`,
    namespace === undefined ? '' : `${encoded(namespace)}/`,
    encoded(name),
    version === undefined ? '' : `@${encoded(version)}`,
    pairs.length === 0 ? '' : `?${pairs.join('&')}`,
  ].join('');
}
