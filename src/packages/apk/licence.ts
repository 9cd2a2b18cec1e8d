import { isExpression } from '../../base/spdx-expression.ts';
import { type Licence, licenceRef, unknownLicence } from '../licences/licence.ts';

/**
 * Returns the licence of an Alpine package, from its record's `L:` field: by Alpine's rules an SPDX
 * expression (APKBUILD reference, `license`). Any other text is kept as the package states it.
 */
export async function apkLicence(stated: string | undefined): Promise<Licence> {
  if (stated === undefined || stated.trim() === '')
    return unknownLicence('the package states none');
  const basis = "the package's own statement";
  const expression = stated.trim().replace(/ (?:and|or|with) /g, (word) => word.toUpperCase());
  if (await isExpression(expression)) return { expression, texts: [], basis };
  const reference = licenceRef(stated, `The package states its licence as "${stated}".`);
  return { expression: reference.id, texts: [reference], basis };
}
