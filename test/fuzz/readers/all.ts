import type { Reader } from '../reader.ts';
import { alpms } from './alpm.ts';
import { bundle, docker, layout } from './archives.ts';
import { compressions } from './compression.ts';
import { elf } from './elf.ts';
import {
  apkIndexes,
  clearSigned,
  packagesIndex,
  paragraphs,
  relations,
  release,
} from './indexes.ts';
import { lock, provenance, sboms, signedAgain, sigstore } from './json.ts';
import { apkKeys, openPgpKeys, privateKeys, publicKeys } from './keys.ts';
import { apk, apkSignature, deb } from './packages.ts';
import { rpms } from './rpms.ts';
import { tar } from './tar.ts';
import { copyright, mtree, outputWords, reference, sums } from './texts.ts';
import { policy, recipe } from './yaml.ts';

/** Every reader of bytes that somebody else may have chosen. */
export const readers: readonly Reader[] = [
  ...[tar, ...compressions, deb, apk, apkSignature],
  ...[release, clearSigned, packagesIndex, paragraphs, relations, apkIndexes, copyright],
  ...[elf, mtree, sums, lock, sboms, provenance, sigstore, signedAgain],
  ...[bundle, layout, docker, recipe, policy, reference, outputWords],
  ...rpms,
  ...alpms,
  ...[publicKeys, privateKeys, apkKeys, openPgpKeys],
];
