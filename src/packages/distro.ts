import type { RootfsView } from '../rootfs/view.ts';

/** A distribution in the words of purls. */
export interface Distro {
  /** `ID` of os-release(5), the namespace of its packages: `debian`. */
  readonly id: string;
  /** Value of the `distro` qualifier: `debian-13`; the suite's name where the number is not known. */
  readonly release: string;
}

/** Returns a value of os-release(5), without its quotes. */
const settingOf = (text: string, name: string): string | undefined =>
  new RegExp(`^${name}=(["']?)([^"'\\n]*)\\1$`, 'm').exec(text)?.[2];

/** Reads the distribution of a rootfs from os-release(5); undefined where that does not name one. */
export async function distroOf(view: RootfsView): Promise<Distro | undefined> {
  for (const path of ['etc/os-release', 'usr/lib/os-release']) {
    const text = await view.readText(path);
    const id = text && settingOf(text, 'ID');
    if (!text || !id || !/^[a-z0-9._-]+$/.test(id)) continue;
    const version = settingOf(text, 'VERSION_ID');
    return { id, release: version ? `${id}-${version}` : id };
  }
  return undefined;
}
