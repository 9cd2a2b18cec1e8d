import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuiltAlpm, type Lies, repoAddDatabase } from '../../../support/alpm.ts';
import { newWeb, type Packager, signPackage } from '../../../support/alpm-keys.ts';
import { missing, works } from '../engines.ts';

const canMake =
  works('bsdtar', '--version') && works('zstd', '--version') && process.arch === 'x64';

/** Says why no packages of Arch can be made here; empty where they can. */
export const noArch: string | undefined = missing(
  'bsdtar and zstd make the packages, on amd64',
  canMake,
);

/** The PKGBUILDs of the distribution. */
export const packagesFolder = join(import.meta.dirname, 'packages');
const maker = join(import.meta.dirname, 'make-package');

export const snapshot = '2026-06-01';
const place = 'core/os/x86_64';

function infoOf(file: string): BuiltAlpm['info'] {
  const text = execFileSync('bsdtar', ['-xOf', file, '.PKGINFO'], { encoding: 'utf8' });
  const info: Record<string, string[]> = {};
  for (const [, key = '', value = ''] of text.matchAll(/^([a-z]+) = (.*)$/gm)) {
    info[key] = [...(info[key] ?? []), value];
  }
  return info;
}

/** Makes a package of the PKGBUILD in a folder. */
export function makePackage(folder: string, out: string): BuiltAlpm {
  mkdirSync(out, { recursive: true });
  const before = new Set(readdirSync(out));
  execFileSync(maker, [folder, out], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [file = ''] = readdirSync(out).filter((each) => !before.has(each));
  return { file, bytes: readFileSync(join(out, file)), info: infoOf(join(out, file)) };
}

/** Changes to what a repository serves; names are those of packages. */
export interface Hostile {
  /** Who signs in place of the usual packager; nobody where undefined. */
  readonly signers?: Readonly<Record<string, Packager | undefined>>;
  /** Packages whose signature is that of another one's file. */
  readonly signatureOf?: Readonly<Record<string, string>>;
  readonly lies?: Readonly<Record<string, Lies>>;
  readonly more?: readonly BuiltAlpm[];
}

/** A small distribution in the form of Arch's archive: packages, signatures and a database of one day. */
export async function archRepository(folder: string, day = snapshot) {
  const web = await newWeb();
  const packager = await web.packager('Packager', 4);
  const stranger = await web.packager('Stranger', 2);
  const lost = await web.packager('Lost', 5, { revoked: true });
  const names = readdirSync(packagesFolder).sort();
  const built = names.map((name) =>
    makePackage(join(packagesFolder, name), join(folder, 'made', name)),
  );
  const nameOf = ({ info }: BuiltAlpm) => info.pkgname?.[0] ?? '';

  async function write(hostile: Hostile = {}, on = day): Promise<void> {
    const { signers = {}, signatureOf = {}, lies = {}, more = [] } = hostile;
    const replaced = new Set(more.map(nameOf));
    const packages = [...built.filter((each) => !replaced.has(nameOf(each))), ...more];
    const target = join(folder, 'repos', on.replaceAll('-', '/'), place);
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    for (const each of packages) {
      const name = nameOf(each);
      writeFileSync(join(target, each.file), each.bytes);
      const signer = name in signers ? signers[name] : packager;
      const other = packages.find((one) => nameOf(one) === signatureOf[name]);
      if (signer === undefined) continue;
      const signature = await signPackage((other ?? each).bytes, signer);
      writeFileSync(join(target, `${each.file}.sig`), signature);
    }
    writeFileSync(join(target, 'core.db'), await repoAddDatabase(packages, lies));
  }

  await write();
  return {
    root: join(folder, 'repos'),
    masters: web.fingerprints,
    keyring: web.keyring([packager, stranger, lost]),
    packager,
    stranger,
    lost,
    write,
    built,
  };
}

export type ArchRepository = Awaited<ReturnType<typeof archRepository>>;

/** A recipe of packages of the test's own distribution. */
export const archRecipe = (
  { masters }: Pick<ArchRepository, 'masters'>,
  packages: readonly string[],
): string => `name: arch-own
description: A root made by pacman.
from:
  pacman:
    snapshot: "${snapshot}"
    repositories: [core]
    packages: [${packages.join(', ')}]
    keys: [keyring.asc]
    masters: [${masters.map((each) => `"${each}"`).join(', ')}]
image: { cmd: [/bin/bash] }
platforms: [linux/amd64]
`;
