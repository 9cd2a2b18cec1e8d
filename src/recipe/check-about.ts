import { quoted } from '../base/characters.ts';
import { isExpression } from '../base/spdx-expression.ts';
import { treesAt } from './check.ts';
import type { Mistake } from './diagnostics/recipe-error.ts';
import type { Tree } from './diagnostics/yaml-tree.ts';

/** Reports a licence that SPDX does not know. */
export async function checkAbout(tree: Tree): Promise<Mistake[]> {
  const [licence] = treesAt(tree, 'about.licence');
  if (typeof licence?.value !== 'string' || (await isExpression(licence.value))) return [];
  return [
    {
      span: licence.span,
      message: `expected an SPDX expression, for instance MIT; found ${quoted(licence.value)}`,
      hint: 'https://spdx.org/licenses lists the ids; one of your own begins with LicenseRef-',
    },
  ];
}
