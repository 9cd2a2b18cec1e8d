import type { Io } from '../../../base/events.ts';
import type { RootfsView } from '../../../rootfs/view.ts';
import type { Store } from '../../../store/store.ts';
import type { LicenceOf } from '../../contract.ts';
import { unknownLicence } from '../../licences/licence.ts';
import { debianLicence } from '../licences/debian-copyright.ts';
import type { LockedDebs, LockedPackage } from '../locked-debs.ts';
import { type Copyright, readDebFiles } from './read-deb.ts';

/** The places in which copyright files are looked for. */
export interface CopyrightSources {
  /** A rootfs that may hold them; undefined when it is another's packages that are asked for. */
  readonly view: RootfsView | undefined;
  /** Copyright files that have been read already, by package. */
  readonly known: ReadonlyMap<string, Copyright>;
  /** The locked packages, and the store that has them. */
  readonly locked?: { readonly debs: LockedDebs; readonly store: Store };
}

/** Links from one package's documents to another's; a ring of them ends here. */
const maxLinks = 4;

/**
 * Reads copyright files in the rootfs or, where slimming took them, in the .deb in
 * the store. A package whose documents are a link to those of another has that one's.
 */
export function licenceFinder(sources: CopyrightSources, io: Io): LicenceOf {
  const { view, known, locked } = sources;
  const read = new Map(known);
  const debs = new Map<string, LockedPackage>(
    locked?.debs.packages.map((each) => [each.name, each]) ?? [],
  );

  async function copyrightOf(name: string): Promise<Copyright | undefined> {
    const text = await view?.readText(`usr/share/doc/${name}/copyright`);
    if (text !== undefined) return { text };
    const deb = debs.get(name);
    if (!read.has(name) && deb !== undefined && locked !== undefined) {
      const { copyright } = await readDebFiles(deb, locked.store, io);
      if (copyright !== undefined) read.set(name, copyright);
    }
    return read.get(name);
  }

  return async ({ name }) => {
    let copyright = await copyrightOf(name);
    for (let links = 0; links < maxLinks && copyright && 'of' in copyright; links += 1) {
      copyright = await copyrightOf(copyright.of);
    }
    if (copyright && 'text' in copyright) return debianLicence(copyright.text, name);
    return unknownLicence('neither the root file system nor its .deb holds a copyright file');
  };
}
