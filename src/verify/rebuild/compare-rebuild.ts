import { join } from 'node:path';
import { type JsonRecord, record } from '../../base/json.ts';
import { differences } from '../../base/json-differences.ts';
import { packageVersion } from '../../base/package-root.ts';
import { evidenceNames } from '../../evidence/file-names.ts';
import { requireEvidence } from '../../sign/read-evidence.ts';
import { exists, listedFiles } from '../evidence-files.ts';
import { inspectImage } from '../image/inspect-image.ts';
import { parseJson } from '../json-file.ts';
import { recordedDigests } from '../provenance.ts';
import type { Check, Mismatch } from '../report.ts';
import { checkRootfs, readMtree } from '../rootfs.ts';

/** Names of the digests of a build, in the order of its provenance's subjects. */
export const digestNames = ['manifest', 'config', 'layer'] as const;

/** A digest as the build recorded it and as the rebuild has it; undefined where there is none. */
export interface DigestPair {
  readonly name: (typeof digestNames)[number];
  readonly claimed: string | undefined;
  readonly rebuilt: string | undefined;
}

/** A rebuild compared with the build. */
export interface RebuildComparison {
  readonly digests: readonly DigestPair[];
  readonly checks: readonly Check[];
}

/** Returns whether manifest, config and layer are those that the build recorded. */
export const isReproduced = ({ digests }: Pick<RebuildComparison, 'digests'>): boolean =>
  digests.every(({ claimed, rebuilt }) => claimed !== undefined && claimed === rebuilt);

const { mtree, provenance } = evidenceNames;

/** Reports digests that differ; `how` describes the rebuild, for instance `a rebuild with podman`. */
export function digestCheck(how: string, digests: readonly DigestPair[]): Check {
  const mismatches = digests.flatMap(({ name, claimed, rebuilt }): Mismatch[] => {
    if (claimed === rebuilt) return [];
    const field = `subject[${digestNames.indexOf(name)}].digest.sha256 (${name})`;
    const [one = 'nothing', other = 'nothing'] = [claimed, rebuilt];
    return [{ file: provenance, field, claimed: one, computed: other, from: how }];
  });
  const names = digests.map(({ name }) => name).join(', ');
  return { what: `${how}: ${names}`, mismatches };
}

async function compareJson(folder: string, rebuilt: string, name: string, how: string) {
  const [one, other] = await Promise.all(
    [folder, rebuilt].map((each) => requireEvidence(each, name)),
  );
  if (one === other) return [];
  const [a, b] = [one, other].map((text = '') => parseJson(name, text, false).value);
  return differences(a, b).map((each) => ({ file: name, ...each, from: how }));
}

async function comparePathLists(folder: string, rebuilt: string, how: string) {
  const [one, other] = await Promise.all(
    [folder, rebuilt].map((each) => readMtree(join(each, mtree))),
  );
  return checkRootfs(one?.paths ?? [], other?.paths ?? [], how).mismatches;
}

function versionIn(statement: JsonRecord): unknown {
  const { builder } = record(record(statement.predicate).runDetails);
  return record(record(builder).version).mkbase;
}

/** Compares the evidence of both builds file by file: the same version of mkbase writes the same bytes. */
async function compareEvidence(
  folder: string,
  rebuilt: string,
  statement: JsonRecord,
  how: string,
): Promise<Check> {
  const what = `${how}: the evidence`;
  const version = versionIn(statement);
  if (version !== packageVersion) {
    const skipped = `it was written by mkbase ${version}, and this is ${packageVersion}`;
    return { what, mismatches: [], skipped };
  }
  const mismatches: Mismatch[] = [];
  for (const name of listedFiles) {
    const both = await Promise.all([folder, rebuilt].map((each) => exists(join(each, name))));
    if (!both.every(Boolean)) continue;
    const found =
      name === mtree
        ? await comparePathLists(folder, rebuilt, how)
        : await compareJson(folder, rebuilt, name, how);
    mismatches.push(...found);
  }
  return { what, mismatches };
}

/**
 * Compares the output folder of a rebuild with the evidence of the first build: digests of manifest,
 * config and layer, and the evidence itself. `how` describes the rebuild. Errors: IO.
 */
export async function compareRebuild(
  folder: string,
  statement: JsonRecord,
  rebuilt: string,
  how: string,
  signal: AbortSignal,
): Promise<RebuildComparison> {
  const recorded = recordedDigests(statement);
  const place = { path: join(rebuilt, 'image.oci.tar'), name: how };
  const { image } = await inspectImage(place, signal);
  const found = {
    manifest: image.manifestDigest,
    config: image.configDigest,
    layer: image.layer?.diffId,
  };
  const digests = digestNames.map((name) => ({
    name,
    claimed: recorded[name],
    rebuilt: found[name],
  }));
  const evidence = await compareEvidence(folder, rebuilt, statement, how);
  const same: Check = { ...digestCheck(how, digests), proves: 'rebuild' };
  return { digests, checks: [same, evidence] };
}
