import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '../../src/base/canonical-json.ts';
import type { Inventory } from '../../src/evidence/inventory/inventory.ts';
import { cyclonedxDocument } from '../../src/evidence/sbom/cyclonedx.ts';
import type { Subject } from '../../src/evidence/sbom/document.ts';
import { spdxDocument } from '../../src/evidence/sbom/spdx.ts';
import { parseSums, sumsText } from '../../src/evidence/sums.ts';
import { sha256Of } from './store.ts';

type Fields = Record<string, unknown>;

const read = (folder: string, name: string) => readFileSync(join(folder, name));

/** Changes a JSON file of evidence. */
export function edit(folder: string, name: string, change: (value: never) => void): void {
  const value = JSON.parse(read(folder, name).toString('utf8')) as object;
  change(value as never);
  writeFileSync(join(folder, name), canonicalJson(value));
}

/** Makes every digest of the evidence right again, as whoever forges it does. */
export function reseal(folder: string): void {
  edit(folder, 'provenance.json', (statement: Fields) => {
    const { runDetails } = statement.predicate as { runDetails: { byproducts: Fields[] } };
    for (const each of runDetails.byproducts.slice(1)) {
      if (!existsSync(join(folder, String(each.name)))) continue;
      each.digest = { sha256: sha256Of(read(folder, String(each.name))) };
    }
  });
  const { sums } = parseSums(read(folder, 'SHA256SUMS').toString('latin1'));
  const sealed = sums.map(({ name }) => ({ name, sha256: sha256Of(read(folder, name)) }));
  writeFileSync(join(folder, 'SHA256SUMS'), sumsText(sealed));
}

/** Writes both bills of materials of an inventory that is not the image's, and makes all digests right. */
export function forgeInventory(folder: string, inventory: Inventory, subject: Subject): void {
  writeFileSync(join(folder, 'sbom.spdx.json'), spdxDocument(inventory, subject));
  writeFileSync(join(folder, 'sbom.cdx.json'), cyclonedxDocument(inventory, subject));
  reseal(folder);
}
