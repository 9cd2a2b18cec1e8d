import { isExpression } from '../../base/spdx-expression.ts';
import { type Licence, licenceRef, unknownLicence } from '../licences/licence.ts';

/**
 * Returns the licence of a package by its own statement: SPDX expressions by Arch's rules (RFC 16), all of
 * which hold. Any other text is kept as the package states it.
 */
export async function alpmLicence(stated: string | undefined): Promise<Licence> {
  if (stated === undefined || stated === '') return unknownLicence('the package states none');
  const basis = "the package's own statement";
  if (await isExpression(stated)) return { expression: stated, texts: [], basis };
  const reference = licenceRef(stated, `The package states its licence as "${stated}".`);
  return { expression: reference.id, texts: [reference], basis };
}
