import type { RootfsView } from '../rootfs/view.ts';
import type { LockedDebs } from './deb/locked.ts';

/** A distribution in the words of purls. */
export interface Distro {
  /** `ID` of os-release(5), the namespace of its packages: `debian`. */
  readonly id: string;
  /** Value of the `distro` qualifier: `debian-13`; the suite's name where the number is not known. */
  readonly release: string;
}

/** Numbers of suites that are built from without a rootfs that says it (base-files' os-release). */
const suites: Readonly<Record<string, readonly [id: string, version: string]>> = {
  bullseye: ['debian', '11'],
  bookworm: ['debian', '12'],
  trixie: ['debian', '13'],
  forky: ['debian', '14'],
  focal: ['ubuntu', '20.04'],
  jammy: ['ubuntu', '22.04'],
  noble: ['ubuntu', '24.04'],
  questing: ['ubuntu', '25.10'],
  resolute: ['ubuntu', '26.04'],
};

/** What a locked set of .debs belongs to, by the suite of its first index. */
export function distroOfDebs({ indexes }: LockedDebs): Distro {
  const suite = indexes[0]?.suite ?? '';
  const [id, version] = suites[suite] ?? [];
  if (id === undefined) return { id: 'debian', release: suite };
  return { id, release: `${id}-${version}` };
}

/** A value of os-release(5), without its quotes. */
const settingOf = (text: string, name: string): string | undefined =>
  new RegExp(`^${name}=(["']?)([^"'\\n]*)\\1$`, 'm').exec(text)?.[2];

/** What a rootfs says that it is; undefined when it says nothing of use. */
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
